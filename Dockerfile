# The program is pure Go, so it builds without a C compiler and for every platform
# the engine asks for. The build argument GOPROXY names a module proxy near you.
FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build
WORKDIR /src
ARG GOPROXY
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG TARGETOS TARGETARCH COMMIT=
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -buildvcs=false -ldflags "-s -w -X main.commit=$COMMIT" -o /out/duban . \
 && mkdir -p /out/data

# Alpine rather than an empty image: its wget asks /healthz, so that the check needs
# no configuration and no credentials, and its shell helps an operator at night.
# Time zones are compiled in. Certificates come from the build stage, so that this
# stage runs nothing and needs no network.
FROM alpine:3.22
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/duban /usr/local/bin/duban
COPY --from=build --chown=10001:10001 --chmod=700 /out/data /data
USER 10001:10001
WORKDIR /data
ENV DUBAN_SERVER_ADDR=0.0.0.0:8080 DUBAN_DATA_DIR=/data
VOLUME /data
EXPOSE 8080
# Alive, not ready: a database that is away for a minute must not get this killed.
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=4 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/healthz"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["duban"]
CMD ["serve"]
