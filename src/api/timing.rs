//! The `Server-Timing` header: how long the stages of an answer took, for
//! whoever looks at a request in a browser or a load test.

use std::time::Duration;

use actix_web::http::header::HeaderName;

/// The header of these stages, in milliseconds.
pub(crate) fn server_timing(stages: &[(&'static str, Duration)]) -> (HeaderName, String) {
    let entry = |(name, time): &(&str, Duration)| format!("{name};dur={:.1}", ms(*time));
    let entries: Vec<String> = stages.iter().map(entry).collect();
    (HeaderName::from_static("server-timing"), entries.join(", "))
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_listed_in_milliseconds() {
        let stages =
            [("decode", Duration::from_micros(5120)), ("read", Duration::from_millis(400))];
        let (name, value) = server_timing(&stages);
        assert_eq!(
            (name.as_str(), value.as_str()),
            ("server-timing", "decode;dur=5.1, read;dur=400.0")
        );
    }
}
