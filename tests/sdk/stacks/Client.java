// The scenario of ../test_stacks.py with java.net.http, which offers HTTP/2 (Upgrade: h2c) by itself.
// java Client.java URL

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

public class Client {
    static final HttpClient CLIENT = HttpClient.newHttpClient();
    static String url;

    static BodyPublisher document(String name, String... values) throws Exception {
        return BodyPublishers.ofString(text(name, values));
    }

    static BodyPublisher stream(String name, String... values) throws Exception {
        byte[] bytes = text(name, values).getBytes(StandardCharsets.UTF_8);
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
    }

    static String text(String name, String... values) throws Exception {
        return Files.readString(Path.of("documents", name)).replace("@NETWORK@", String.join("", values));
    }

    static HttpResponse<String> send(String step, HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
        System.out.println(step + "\t" + answer.statusCode() + "\t" + answer.body());
        return answer;
    }

    static HttpRequest.Builder at(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Content-Type", "application/json");
    }

    static String id(HttpResponse<String> created) {
        String location = created.headers().firstValue("location").orElseThrow();
        return location.substring(location.lastIndexOf('/') + 1);
    }

    public static void main(String[] arguments) throws Exception {
        url = arguments[0];
        String network = id(send("create", at("/v2/networks").POST(document("network.json"))));
        String pod = id(send("chunked", at("/v2/endpoints").POST(stream("endpoint.json", network))));
        send("modify", at("/v2/endpoints/" + pod).method("PATCH", document("modify.json")));
        send("list", at("/v2/endpoints?query=" + Files.readString(Path.of("documents", "query.txt")).strip()).GET());
        send("named", at("/host/vfp/ports/pod%20%C3%BC%2B%26%25%2F1").GET());
        send("head", at("/v2/endpoints").method("HEAD", BodyPublishers.noBody()));
        send("refused", at("/v2/endpoints").POST(document("refused.json", network)));
        send("invalid", at("/v2/networks").POST(document("invalid.txt")));
        send("expect", at("/v2/namespaces").expectContinue(true).POST(document("namespace.json")));
        send("empty", at("/v1/endpoints/" + pod + "/refresh").POST(BodyPublishers.noBody()));
        send("delete", at("/v2/endpoints/" + pod).DELETE());
        send("missing", at("/v2/endpoints/" + pod).GET());
    }
}
