//! How far a measured share may be from the true one.

/// The 95 % Wilson interval of a share, in percent.
pub(crate) fn interval(hits: u32, of: u32) -> (f64, f64) {
    if of == 0 {
        return (0.0, 100.0);
    }
    let (n, share, z) = (f64::from(of), f64::from(hits) / f64::from(of), 1.96);
    let centre = share + z * z / (2.0 * n);
    let spread = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 100.0 / (1.0 + z * z / n);
    (((centre - spread) * scale).max(0.0), (centre + spread) * scale)
}
