//! Where traces go, if anywhere; the variables that all programs with OpenTelemetry read.

use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use url::Url;

use crate::config::reader::Reader;

/// Where traces go.
#[derive(Debug, Clone)]
pub struct TracesConfig {
    /// `OTEL_EXPORTER_OTLP_ENDPOINT` with `/v1/traces`: a collector that speaks OTLP over HTTP.
    pub endpoint: Url,
    /// `OTEL_EXPORTER_OTLP_HEADERS`: what it wants to be sent along, such as a token.
    pub headers: Vec<(String, SecretString)>,
    /// `OTEL_SERVICE_NAME`, default `wathiqa`.
    pub service: String,
    /// `OTEL_TRACES_SAMPLER_ARG`, default 1: the share of requests that is traced, of those
    /// whose client did not decide.
    pub share: f64,
}

impl TracesConfig {
    /// Nothing without an endpoint: no trace leaves the machine unless somebody says so.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let expected = "the URL of an OTLP collector such as http://127.0.0.1:4318";
        let endpoint = reader.parsed("OTEL_EXPORTER_OTLP_ENDPOINT", None, expected, |value| {
            traces_url(value).map(Some)
        });
        let expected = "names and values such as authorization=Bearer%20token, comma-separated";
        let headers =
            reader.parsed("OTEL_EXPORTER_OTLP_HEADERS", Vec::new(), expected, parse_headers);
        let service = reader.text("OTEL_SERVICE_NAME").unwrap_or_else(|| "wathiqa".to_owned());
        let expected = "a share from 0 to 1";
        let share = reader.parsed("OTEL_TRACES_SAMPLER_ARG", 1.0, expected, |value| {
            let share: f64 = value.parse().ok()?;
            (0.0..=1.0).contains(&share).then_some(share)
        });
        Some(Self { endpoint: endpoint?, headers, service, share })
    }
}

/// The address for traces below a collector's.
fn traces_url(text: &str) -> Option<Url> {
    let mut url = Url::parse(text).ok()?;
    let usable = ["http", "https"].contains(&url.scheme()) && url.has_host();
    if !usable || url.query().is_some() || url.fragment().is_some() {
        return None;
    }
    url.path_segments_mut().ok()?.pop_if_empty().extend(["v1", "traces"]);
    Some(url)
}

/// Headers as `name=value,name=value`, the values percent-encoded.
fn parse_headers(text: &str) -> Option<Vec<(String, SecretString)>> {
    let header = |part: &str| {
        let (name, value) = part.split_once('=')?;
        let value = percent_decode_str(value.trim()).decode_utf8().ok()?;
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let name = name.trim().to_ascii_lowercase();
        let usable = !name.is_empty() && name.bytes().all(is_token);
        let harmless = value.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        (usable && harmless).then(|| (name, SecretString::from(value.into_owned())))
    };
    text.split(',').filter(|part| !part.trim().is_empty()).map(header).collect()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn traces_go_below_the_collectors_address() {
        let url = |text| traces_url(text).map(String::from);

        assert_eq!(url("http://127.0.0.1:4318").unwrap(), "http://127.0.0.1:4318/v1/traces");
        assert_eq!(
            url("https://otlp.example.ma/x/").unwrap(),
            "https://otlp.example.ma/x/v1/traces"
        );
        for wrong in ["127.0.0.1:4318", "grpc://host:4317", "file:///tmp", "http://h/?a=b", ""] {
            assert_eq!(url(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn headers_are_decoded_and_nothing_is_smuggled_into_them() {
        let headers = parse_headers("Authorization=Bearer%20a%3Db, x-scope=one,").unwrap();
        let told: Vec<_> =
            headers.iter().map(|(name, value)| (&**name, value.expose_secret())).collect();

        assert_eq!(told, [("authorization", "Bearer a=b"), ("x-scope", "one")]);
        for wrong in ["a", "=b", "a b=c", "a=%0d%0ab: c"] {
            assert!(parse_headers(wrong).is_none(), "{wrong}");
        }
    }
}
