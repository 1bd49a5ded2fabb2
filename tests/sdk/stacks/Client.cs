// The scenario of ../test_stacks.py with .NET's HttpClient.
// dotnet Client.dll URL

using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;

static class Client
{
    static readonly HttpClient client = new HttpClient();
    static string url;

    static string Text(string name, string network = "") =>
        File.ReadAllText("documents/" + name).Replace("@NETWORK@", network);

    static HttpContent Document(string name, string network = "") =>
        new StringContent(Text(name, network), Encoding.UTF8, "application/json");

    static async Task<string> Send(string step, string method, string path, HttpContent body = null,
                                   bool chunked = false, bool expect = false)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), url + path) { Content = body };
        if (chunked) request.Headers.TransferEncodingChunked = true;
        if (expect) request.Headers.ExpectContinue = true;
        var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Console.WriteLine(step + "\t" + (int)answer.StatusCode + "\t" + text);
        var location = answer.Headers.Location;
        return location == null ? null : location.ToString().Split('/').Last();
    }

    static async Task Run()
    {
        var network = await Send("create", "POST", "/v2/networks", Document("network.json"));
        var pod = await Send("chunked", "POST", "/v2/endpoints", Document("endpoint.json", network), chunked: true);
        await Send("modify", "PATCH", "/v2/endpoints/" + pod, Document("modify.json"));
        await Send("list", "GET", "/v2/endpoints?query=" + Text("query.txt").Trim());
        await Send("named", "GET", "/host/vfp/ports/pod%20%C3%BC%2B%26%25%2F1");
        await Send("head", "HEAD", "/v2/endpoints");
        await Send("refused", "POST", "/v2/endpoints", Document("refused.json", network));
        await Send("invalid", "POST", "/v2/networks", Document("invalid.txt"));
        await Send("expect", "POST", "/v2/namespaces", Document("namespace.json"), expect: true);
        await Send("empty", "POST", "/v1/endpoints/" + pod + "/refresh");
        await Send("delete", "DELETE", "/v2/endpoints/" + pod);
        await Send("missing", "GET", "/v2/endpoints/" + pod);
    }

    static void Main(string[] arguments)
    {
        url = arguments[0];
        Console.OutputEncoding = new UTF8Encoding(false);
        Run().GetAwaiter().GetResult();
    }
}
