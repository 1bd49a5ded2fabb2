FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml hatch_build.py constraints.txt README.md LICENSE ./
COPY app app
COPY migrations migrations
COPY docs/fidelity.md docs/
RUN python -m venv /opt/hnsemu \
    && /opt/hnsemu/bin/pip install --no-cache-dir -c constraints.txt .

FROM python:3.11-slim
LABEL org.opencontainers.image.title="hnsemu" \
      org.opencontainers.image.description="The Windows Host Networking Service as a REST microservice" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/hnsemu /opt/hnsemu
RUN mkdir /data && chown 10001:10001 /data
USER 10001:10001
VOLUME /data
# Listens on every address of the container, and answers to loopback names and the Host `hnsemu`.
ENV PATH=/opt/hnsemu/bin:$PATH \
    HNSEMU_DATABASE_URL=sqlite:////data/hnsemu.db \
    HNSEMU_HOST=0.0.0.0 \
    HNSEMU_ALLOWED_HOSTS=hnsemu
EXPOSE 8420
HEALTHCHECK --interval=5s --timeout=5s --start-period=10s CMD ["hnsemu", "healthcheck"]
ENTRYPOINT ["hnsemu"]
CMD ["serve"]
