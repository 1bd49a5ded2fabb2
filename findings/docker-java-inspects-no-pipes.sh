#!/usr/bin/env bash
# docker-java cannot inspect a container that has a named pipe of Windows among its binds
#
# Package:  com.github.docker-java:docker-java-core 3.7.0 (Maven), which Testcontainers for Java uses.
# Expected: binds that a daemon shows are texts that it took from somebody: of a Windows daemon
#           \\.\pipe\docker_engine:\\.\pipe\docker_engine, the usual way to Docker in a container, C:/data:C:/app as the
#           docker command sends it, and C:\data:C:\app. A client shows them, at worst as a text.
# Seen:     only the last one is read. Either of the others makes the whole answer to inspect an exception, whose text
#           blames the bind: no state, no networks, no ports, for containers of whoever made them, too.
# Matters:  a build agent on Windows has exactly this pipe. A tool that looks at all containers for an address or a
#           published port ends at that one.
# In docs:  nothing acts on it; hnsemu shows binds as they were sent, as dockerd does.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >Read.java <<'EOF'
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.core.DefaultDockerClientConfig;

class Read {
    public static void main(String[] arguments) throws Exception {
        var mapper = DefaultDockerClientConfig.createDefaultConfigBuilder().build().getObjectMapper();
        var pipe = "\\\\.\\pipe\\docker_engine";
        for (var bind : new String[] {"C:\\data:C:\\app", "C:/data:C:/app", pipe + ":" + pipe}) {
            var answer = mapper.createObjectNode().put("Id", "4f2c").put("Name", "/agent");
            answer.putObject("HostConfig").putArray("Binds").add(bind);
            try {
                var read = mapper.readValue(answer.toString(), InspectContainerResponse.class);
                System.out.println(bind + " of " + read.getName());
            } catch (com.fasterxml.jackson.databind.JsonMappingException refusal) {
                System.out.println(refusal.getOriginalMessage().replaceAll(".*problem: ", ""));
            }
        }
    }
}
EOF
cat >pom.xml <<'EOF'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>0</version>
  <dependencies>
    <dependency>
      <groupId>com.github.docker-java</groupId>
      <artifactId>docker-java-core</artifactId>
      <version>3.7.0</version>
    </dependency>
  </dependencies>
</project>
EOF
{
    mvn -q -B dependency:copy-dependencies -DoutputDirectory="$work/libraries"
    javac -cp 'libraries/*' Read.java
} >log 2>&1 || { cat log; exit 2; }
seen=$(java -cp '.:libraries/*' Read 2>log) || { cat log; exit 2; }
expected='C:\data:C:\app of /agent
Error parsing Bind '"'C:/data:C:/app'"'
Error parsing Bind '"'"'\\.\pipe\docker_engine:\\.\pipe\docker_engine'"'"
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
