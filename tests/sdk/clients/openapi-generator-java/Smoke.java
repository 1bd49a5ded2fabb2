// Drives a live service with the Java client (library native) of openapi-generator.
// java -cp ... Smoke URL

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.JSON;
import org.openapitools.client.api.EmulatorApi;
import org.openapitools.client.api.EndpointsApi;
import org.openapitools.client.api.NetworksApi;
import org.openapitools.client.model.AdapterSettings;
import org.openapitools.client.model.EndpointPolicy;
import org.openapitools.client.model.ErrorRecord;
import org.openapitools.client.model.HostComputeEndpoint;
import org.openapitools.client.model.HostComputeNetwork;
import org.openapitools.client.model.HostSettings;
import org.openapitools.client.model.Ipam;
import org.openapitools.client.model.ModifyEndpointSettingRequest;
import org.openapitools.client.model.Subnet;
import org.openapitools.client.model.Version;

public class Smoke {
    static final String NAME = "sdk-openapi-generator-java";
    static final long ENDPOINT_NOT_FOUND = 0x803B0002L;
    static final long INVALID_POLICY_TYPE = 0x803B000EL;

    interface Call {
        void run() throws ApiException;
    }

    static void check(boolean holds, Object got) {
        if (!holds) {
            throw new AssertionError(got);
        }
    }

    static void refused(Call call, int status, long code) throws Exception {
        try {
            call.run();
        } catch (ApiException refusal) {
            check(refusal.getCode() == status, refusal);
            ErrorRecord record = JSON.getDefault().getMapper().readValue(refusal.getResponseBody(), ErrorRecord.class);
            check(record.getErrorCode() == code, record);
            return;
        }
        throw new AssertionError("accepted");
    }

    static List<String> kinds(HostComputeEndpoint endpoint) {
        List<String> found = new ArrayList<>();
        endpoint.getPolicies().forEach(policy -> found.add(policy.getType()));
        found.sort(null);
        return found;
    }

    static ApiClient client(String url) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(url);
        return client;
    }

    public static void main(String[] arguments) throws Exception {
        String url = arguments[0];
        EmulatorApi emulator = new EmulatorApi(client(url));
        HostSettings settings = new HostSettings().release("ws2022").addAdaptersItem(new AdapterSettings().name("Ethernet"));
        check(emulator.defineHost(NAME, settings).getName().equals(NAME), NAME);
        ApiClient host = client(url + "/hosts/" + NAME);
        NetworksApi networks = new NetworksApi(host);
        EndpointsApi endpoints = new EndpointsApi(host);

        Version v2 = new Version().major(2L);
        Ipam ipam = new Ipam().addSubnetsItem(new Subnet().ipAddressPrefix("10.7.0.0/24"));
        HostComputeNetwork network = networks.createNetwork(
            new HostComputeNetwork().name("sdk").type("L2Bridge").schemaVersion(v2).addIpamsItem(ipam));
        EndpointPolicy nat = new EndpointPolicy().type("OutBoundNAT").settings(Map.of("Exceptions", List.of("10.7.0.0/24")));
        HostComputeEndpoint endpoint = endpoints.createEndpoint(
            new HostComputeEndpoint().name("pod").hostComputeNetwork(network.getID()).schemaVersion(v2).addPoliciesItem(nat));
        List<HostComputeEndpoint> listed = endpoints.listEndpoints(null, null, null);
        check(listed.size() == 1 && listed.get(0).getID().equals(endpoint.getID()), listed);

        Map<String, Object> acl = Map.of("Type", "ACL", "Settings", Map.of("Action", "Block", "Direction", "In", "Priority", 200));
        endpoints.modifyEndpoint(endpoint.getID(), new ModifyEndpointSettingRequest()
            .resourceType("Policy").requestType("Add").settings(Map.of("Policies", List.of(acl))));
        HostComputeEndpoint shown = endpoints.getEndpoint(endpoint.getID(), null);
        check(kinds(shown).equals(List.of("ACL", "OutBoundNAT")), shown);
        check(shown.getPolicies().contains(nat), shown);

        HostComputeEndpoint wrong = new HostComputeEndpoint().hostComputeNetwork(network.getID()).schemaVersion(v2)
            .addPoliciesItem(new EndpointPolicy().type("FromTheFuture"));
        refused(() -> endpoints.createEndpoint(wrong), 400, INVALID_POLICY_TYPE);
        endpoints.deleteEndpoint(endpoint.getID());
        refused(() -> endpoints.getEndpoint(endpoint.getID(), null), 404, ENDPOINT_NOT_FOUND);
        check(endpoints.listEndpoints(null, null, null).isEmpty(), "left");
        emulator.deleteHost(NAME);
    }
}
