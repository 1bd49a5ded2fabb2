"""openapi-generator: Python, Java, Go, TypeScript and C#."""

import re
import shutil
from pathlib import Path

from tools.openapi import DOCUMENT
from tools.sdk.workshop import (
    BUILD,
    Command,
    built_with_go,
    bundle,
    environment,
    fresh,
    maven_artifact,
    packages,
    run,
)

GENERATOR = ("openapi-generator-cli", "7.25.0")


def python() -> Command:
    """Pydantic models with urllib3."""
    folder = fresh("openapi-generator-python", keep="environment")
    _generate(folder, "python", "packageName=hns", output=".")
    programs = environment(folder)
    run(folder, programs / "python", "-m", "compileall", "-q", "hns")
    return [programs / "python", folder / "smoke.py"]


def java() -> Command:
    """The library `native`, which is the JDK's HttpClient."""
    folder = fresh("openapi-generator-java", keep="libraries")
    _generate(folder, "java", "library=native", "containerDefaultToNull=true", output="hns")
    libraries = folder / "libraries"
    libraries.mkdir(exist_ok=True)
    if not any(libraries.iterdir()):
        copy = ["dependency:copy-dependencies", f"-DoutputDirectory={libraries}"]
        run(folder / "hns", "mvn", "-q", "-B", *copy, "-DincludeScope=compile")
    classpath = ":".join(map(str, [*libraries.iterdir(), folder / "classes"]))
    sources = sorted((folder / "hns" / "src" / "main").rglob("*.java"))
    quiet = ["-nowarn", "-proc:none", "-encoding", "UTF-8"]
    run(folder, "javac", *quiet, "-cp", classpath, "-d", "classes", "Smoke.java", *sources)
    return ["java", "-cp", classpath, "Smoke"]


def go() -> Command:
    """The standard library only."""
    folder = fresh("openapi-generator-go")
    _generate(folder, "go", "packageName=hns", output="hns")
    for unused in ("go.mod", "go.sum"):  # it is a package of the program's module
        (folder / "hns" / unused).unlink(missing_ok=True)
    return built_with_go(folder)


def typescript_fetch() -> Command:
    """Classes with fetch."""
    folder = fresh("openapi-generator-typescript-fetch", keep="node_modules")
    _generate(folder, "typescript-fetch", output="hns")
    packages(folder)
    return bundle(folder)


_NEWTONSOFT = Path("/usr/lib/cli/Newtonsoft.Json-5.0/Newtonsoft.Json.dll")
"""Json.NET 6 of Debian; the generator wants 13, which is on NuGet alone, as Polly is."""

_NAMING = re.compile(r"\{\s*NamingStrategy = new CamelCaseNamingStrategy\s*\{[^}]*\}\s*\}")
_POLLY = re.compile(
    r"if \(RetryConfiguration\.AsyncRetryPolicy != null\)\s*\{.*?\belse\b", re.DOTALL
)


def csharp() -> Command:
    """The library `httpclient` with Mono, without its two uses of newer libraries."""
    folder = fresh("openapi-generator-csharp")
    options = ["library=httpclient", "targetFramework=netstandard2.0", "packageName=Hns"]
    _generate(folder, "csharp", *options, output="hns")
    sources = folder / "hns" / "src" / "Hns"
    (sources / "Client" / "RetryConfiguration.cs").unlink()
    for source in (
        sources / "Client" / "ApiClient.cs",
        sources / "Model" / "AbstractOpenAPISchema.cs",
    ):
        text = source.read_text().replace("using Polly;", "")
        source.write_text(_POLLY.sub("", _NAMING.sub("()", text)))
    shutil.copy(_NEWTONSOFT, folder)
    parts = ("", ".Core", ".Net.Http", ".Runtime.Serialization", ".ComponentModel.DataAnnotations")
    references = [f"-r:System{part}.dll" for part in (*parts, ".Web")]
    run(
        folder, "mcs", "-out:smoke.exe", "-langversion:latest", "-warn:0", *references,
        "-r:Newtonsoft.Json.dll", "Smoke.cs", f"-recurse:{sources}/*.cs",
    )  # fmt: skip
    return ["mono", folder / "smoke.exe"]


def _generate(folder: Path, generator: str, *options: str, output: str) -> None:
    """Write a client that takes what later versions add, without its tests and texts."""
    jar = maven_artifact(BUILD / "openapi-generator", "org.openapitools", *GENERATOR)
    parts = ["apiTests=false", "modelTests=false", "apiDocs=false", "modelDocs=false"]
    properties = ["disallowAdditionalPropertiesIfNotPresent=false", *options]
    run(
        folder, "java", "-Dlog.level=error", "-jar", jar,
        "generate", "-g", generator, "-i", DOCUMENT, "-o", output,
        "--global-property", ",".join(parts), "--additional-properties", ",".join(properties),
    )  # fmt: skip
