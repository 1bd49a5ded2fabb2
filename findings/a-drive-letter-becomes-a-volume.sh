#!/usr/bin/env bash
# docker-py and docker-java make a volume named C, at \data, of a Windows path
#
# Packages: docker 7.2.0 (PyPI), docker.types.Mount, and com.github.docker-java:docker-java-api 3.7.0 (Maven), Bind,
#           which Testcontainers for Java uses.
# Expected: texts such as C:\data:C:\app and C:/data:C:/app are read by the drive letters that they begin with, as the
#           docker command, Compose and the daemon read them; docker-py's containers.run(volumes=[…]) does.
# Seen:     docker-py's Mount, which services are created with, splits at each colon: C:\data is the volume C at
#           \data, data:C:\app is the volume data at C, read-only, and a mount with both drive letters is refused.
#           docker-java splits at colons that no backslash follows: C:/data:/app is the volume C at /data, and
#           D:/:C:\app the volume D at /.
# Matters:  the daemon makes an empty volume of that name, the container starts without its files, and what it
#           writes is found nowhere. Slashes are what Java's Path and most configuration files give.
# In docs:  nothing acts on it; hnsemu keeps binds and mounts as they are sent.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >read.py <<'EOF'
from docker.errors import InvalidArgument
from docker.types import Mount

for text in (r"C:\data", r"C:\data:C:\app", r"data:C:\app", "data:/app"):
    try:
        mount = Mount.parse_mount_string(text)
        print(f"docker-py: {text} is {mount['Source']} at {mount['Target']}, read-only {mount['ReadOnly']}")
    except InvalidArgument:
        print(f"docker-py: {text} is refused")
EOF
cat >Read.java <<'EOF'
import com.github.dockerjava.api.model.Bind;

class Read {
    public static void main(String[] arguments) {
        for (var text : new String[] {"C:\\data:C:\\app", "C:/data:C:/app", "C:/data:/app", "D:/:C:\\app"}) {
            try {
                var bind = Bind.parse(text);
                System.out.printf("docker-java: %s is %s at %s%n", text, bind.getPath(), bind.getVolume());
            } catch (IllegalArgumentException refusal) {
                System.out.printf("docker-java: %s is refused%n", text);
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
      <artifactId>docker-java-api</artifactId>
      <version>3.7.0</version>
    </dependency>
  </dependencies>
</project>
EOF
{
    python3 -m venv venv
    venv/bin/pip install -q --disable-pip-version-check docker==7.2.0
    mvn -q -B dependency:copy-dependencies -DoutputDirectory="$work/libraries"
    javac -cp 'libraries/*' Read.java
} >log 2>&1 || { cat log; exit 2; }
seen=$(venv/bin/python read.py && java -cp '.:libraries/*' Read 2>log) || { cat log; exit 2; }
expected='docker-py: C:\data is C at \data, read-only False
docker-py: C:\data:C:\app is refused
docker-py: data:C:\app is data at C, read-only True
docker-py: data:/app is data at /app, read-only False
docker-java: C:\data:C:\app is C:\data at C:\app
docker-java: C:/data:C:/app is refused
docker-java: C:/data:/app is C at /data
docker-java: D:/:C:\app is D at /'
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$expected" ] || { printf 'changed; it was:\n%s\n' "$expected"; exit 1; }
