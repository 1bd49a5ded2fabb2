import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.*;
import java.util.UUID;
import org.junit.jupiter.api.*;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** The service runs in a container, unless HNSEMU_URL names one; each test has a host of its own. */
class PodsTest {
    static final GenericContainer<?> CONTAINER = new GenericContainer<>("hnsemu").withExposedPorts(8420)
        .waitingFor(Wait.forHttp("/readyz").forStatusCode(200));
    static String service = System.getenv("HNSEMU_URL");
    final String name = "pods-" + UUID.randomUUID();

    @BeforeAll
    static void startService() {
        if (service != null) return;
        CONTAINER.start(); // it ends with the tests
        service = "http://" + CONTAINER.getHost() + ":" + CONTAINER.getMappedPort(8420);
    }
    @BeforeEach
    void addHost() throws Exception { send("PUT", "/emulator/hosts/" + name, "{\"journal\": true}"); }
    @AfterEach
    void removeHost() throws Exception { send("DELETE", "/emulator/hosts/" + name, ""); }

    @Test
    void oneNetworkIsCreated() throws Exception {
        send("POST", "/hosts/" + name + "/v2/networks", "{\"Name\": \"pods\", \"Type\": \"L2Bridge\"}"); // your program
        var expectation = "{\"match\": {\"operation\": \"HcnCreateNetwork\", \"name\": \"pods\"}, \"count\": 1}";
        var seen = send("POST", "/emulator/hosts/" + name + "/requests/verify", expectation);
        assertTrue(seen.contains("\"verified\":true"), seen);
    }
    static String send(String method, String path, String document) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(service + path)).method(method, HttpRequest.BodyPublishers.ofString(document));
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}
