# Builds the service on Debian, whose OCR engine and models it needs at run time. Each step is
# proven without a Docker engine by scripts/prove-dockerfile.
FROM rust:1.95-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends libtesseract-dev pkg-config libssl-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# The dependencies by themselves, over sources that are empty: this layer is made anew only
# when a manifest changes. Benches, tests and examples are neither copied nor declared.
COPY Cargo.toml Cargo.lock build.rs ./
COPY crates/lines/Cargo.toml crates/lines/
COPY crates/load/Cargo.toml crates/load/
COPY crates/specimen/Cargo.toml crates/specimen/
COPY crates/private-postgres/Cargo.toml crates/private-postgres/
COPY xtask/Cargo.toml xtask/
COPY scripts/bare-manifest scripts/
RUN scripts/bare-manifest \
 && for crate in . crates/lines crates/load crates/specimen crates/private-postgres xtask; do mkdir -p $crate/src && touch $crate/src/lib.rs; done \
 && echo 'fn main() {}' > src/main.rs \
 && cargo build --release --locked --bin wathiqa
COPY . .
# What is copied may be older than what was built over the empty sources.
RUN scripts/bare-manifest \
 && find src crates build.rs -exec touch {} + \
 && cargo build --release --locked --bin wathiqa

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
    ca-certificates libssl3 libtesseract5 \
    tesseract-ocr-fra tesseract-ocr-ara tesseract-ocr-eng tesseract-ocr-script-latn \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --no-create-home --shell /usr/sbin/nologin --uid 10001 wathiqa
COPY --from=build /source/target/release/wathiqa /usr/local/bin/wathiqa
# By number, so that Kubernetes can see that it is not root.
USER 10001
ENV ENVIRONMENT=production
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["wathiqa", "health"]
CMD ["wathiqa", "serve"]
