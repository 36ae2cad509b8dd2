# Builds the service on Debian, whose OCR engine and models it needs at run time.
FROM rust:1.95-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends libtesseract-dev pkg-config libssl-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN cargo build --release --locked --bin wathiqa

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
    ca-certificates libssl3 libtesseract5 \
    tesseract-ocr-fra tesseract-ocr-ara tesseract-ocr-eng tesseract-ocr-script-latn \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --create-home --uid 10001 wathiqa
COPY --from=build /source/target/release/wathiqa /usr/local/bin/wathiqa
USER wathiqa
ENV ENVIRONMENT=production
EXPOSE 8000
CMD ["wathiqa", "serve"]
