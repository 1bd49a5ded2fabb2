// Drives a live service with the C# client (library httpclient) of openapi-generator.
// dotnet Smoke.dll URL

using System;
using System.Collections.Generic;
using System.Linq;
using Hns.Api;
using Hns.Client;
using Hns.Model;
using Newtonsoft.Json;

static class Smoke
{
    const string Name = "sdk-openapi-generator-csharp";
    const long EndpointNotFound = 0x803B0002;
    const long InvalidPolicyType = 0x803B000E;

    static void Check(bool holds, object got)
    {
        if (!holds)
        {
            throw new Exception(got.ToString());
        }
    }

    static void Refused(Action call, int status, long code)
    {
        try
        {
            call();
        }
        catch (ApiException refusal)
        {
            Check(refusal.ErrorCode == status, refusal);
            var record = JsonConvert.DeserializeObject<ErrorRecord>((string)refusal.ErrorContent);
            Check(record.ErrorCode == code, record);
            return;
        }
        throw new Exception("accepted");
    }

    static void Main(string[] arguments)
    {
        var url = arguments[0];
        var emulator = new EmulatorApi(url);
        var adapters = new List<AdapterSettings> { new AdapterSettings(name: "Ethernet") };
        Check(emulator.DefineHost(Name, new HostSettings(release: "ws2022", adapters: adapters)).Name == Name, Name);
        var networks = new NetworksApi($"{url}/hosts/{Name}");
        var endpoints = new EndpointsApi($"{url}/hosts/{Name}");

        var v2 = new ModelVersion(major: 2);
        var subnets = new List<Subnet> { new Subnet(ipAddressPrefix: "10.7.0.0/24") };
        var network = networks.CreateNetwork(new HostComputeNetwork(
            name: "sdk", type: "L2Bridge", schemaVersion: v2, ipams: new List<Ipam> { new Ipam(subnets: subnets) }));
        var nat = new EndpointPolicy("OutBoundNAT", new Dictionary<string, object> { ["Exceptions"] = new[] { "10.7.0.0/24" } });
        var endpoint = endpoints.CreateEndpoint(new HostComputeEndpoint(
            name: "pod", hostComputeNetwork: network.ID, schemaVersion: v2, policies: new List<EndpointPolicy> { nat }));
        var listed = endpoints.ListEndpoints();
        Check(listed.Count == 1 && listed[0].ID == endpoint.ID, listed.Count);

        var block = new Dictionary<string, object> { ["Action"] = "Block", ["Direction"] = "In", ["Priority"] = 200 };
        var acl = new { Type = "ACL", Settings = block };
        endpoints.ModifyEndpoint(endpoint.ID, new ModifyEndpointSettingRequest(
            resourceType: "Policy", requestType: "Add", settings: new { Policies = new[] { acl } }));
        var shown = endpoints.GetEndpoint(endpoint.ID);
        Check(string.Join(",", shown.Policies.Select(policy => policy.Type).OrderBy(type => type)) == "ACL,OutBoundNAT", shown);
        var kept = shown.Policies.Single(policy => policy.Type == "OutBoundNAT").Settings;
        Check(JsonConvert.SerializeObject(kept) == JsonConvert.SerializeObject(nat.Settings), shown);

        var wrong = new List<EndpointPolicy> { new EndpointPolicy("FromTheFuture") };
        Refused(
            () => endpoints.CreateEndpoint(new HostComputeEndpoint(hostComputeNetwork: network.ID, schemaVersion: v2, policies: wrong)),
            400, InvalidPolicyType);
        endpoints.DeleteEndpoint(endpoint.ID);
        Refused(() => endpoints.GetEndpoint(endpoint.ID), 404, EndpointNotFound);
        Check(endpoints.ListEndpoints().Count == 0, "left");
        emulator.DeleteHost(Name);
    }
}
