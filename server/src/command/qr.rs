//! A text as a QR: on a terminal, as SVG, as PNG.

use std::io;
use std::path::Path;

use qrcode::render::svg;
use qrcode::render::unicode::Dense1x2;
use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode};

/// Pixels of a module in a PNG: a slip's QR is then about 600 pixels wide.
const MODULE_PX: usize = 8;
/// The quiet zone that cameras ask for (ISO/IEC 18004), in modules.
const QUIET: usize = 4;

/// A text as a QR, as small as can be: paper and screens are clean, so the lowest correction does.
///
/// # Errors
/// If the text is longer than a QR holds.
fn code(text: &str) -> Result<QrCode, QrError> {
    QrCode::with_error_correction_level(text, EcLevel::L)
}

/// Half blocks for a terminal; `None` if the text is longer than a QR holds.
pub fn terminal(text: &str) -> Option<String> {
    let code = code(text).ok()?;
    // Dark on light, whatever the terminal's colours: most have a dark ground.
    let drawn =
        code.render::<Dense1x2>().dark_color(Dense1x2::Dark).light_color(Dense1x2::Light).build();
    Some(format!("{drawn}\n"))
}

/// An SVG document; `None` if the text is longer than a QR holds.
pub fn svg(text: &str) -> Option<String> {
    Some(code(text).ok()?.render::<svg::Color<'_>>().module_dimensions(4, 4).build())
}

/// Writes a PNG of one bit a pixel.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] if the text is longer than a QR holds, or the system's error.
pub fn write_png(text: &str, path: &Path) -> io::Result<()> {
    let code = code(text)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))?;
    let (pixels, side) = pixels(&code);
    let side = u32::try_from(side).map_err(io::Error::other)?;
    let mut encoder =
        png::Encoder::new(io::BufWriter::new(std::fs::File::create(path)?), side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(())
}

/// Rows of bits, light 1 and dark 0, each row filled to whole bytes; and the side in pixels.
fn pixels(code: &QrCode) -> (Vec<u8>, usize) {
    let width = code.width();
    let modules = code.to_colors();
    let side = (width + 2 * QUIET) * MODULE_PX;
    let mut bytes = Vec::with_capacity(side * side.div_ceil(8));
    let dark = |x: usize, y: usize| {
        let (Some(x), Some(y)) = (x.checked_sub(QUIET), y.checked_sub(QUIET)) else { return false };
        x < width && modules.get(y * width + x) == Some(&Color::Dark)
    };
    for y in 0..side {
        for eight in 0..side.div_ceil(8) {
            let byte = (0..8).fold(0_u8, |byte, bit| {
                let light = !dark((eight * 8 + bit) / MODULE_PX, y / MODULE_PX);
                (byte << 1) | u8::from(light)
            });
            bytes.push(byte);
        }
    }
    (bytes, side)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_is_square_in_half_blocks() {
        let drawn = terminal("CY1.HELLO").unwrap();
        let rows: Vec<usize> = drawn.lines().map(|line| line.chars().count()).collect();
        let width = rows.first().copied().unwrap();
        assert!(rows.iter().all(|&row| row == width));
        assert_eq!(rows.len(), width.div_ceil(2));
    }

    #[test]
    fn a_png_holds_the_modules_of_the_code() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("qr.png");
        write_png("CQ1.HELLO", &path).unwrap();
        let file = io::BufReader::new(std::fs::File::open(&path).unwrap());
        let mut reader = png::Decoder::new(file).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        let code = code("CQ1.HELLO").unwrap();
        let side = (code.width() + 2 * QUIET) * MODULE_PX;
        assert_eq!((info.width as usize, info.height as usize), (side, side));
        let row = side.div_ceil(8);
        let is_dark = |x: usize, y: usize| bytes[y * row + x / 8] & (0x80 >> (x % 8)) == 0;
        let colors = code.to_colors();
        for y in 0..code.width() {
            for x in 0..code.width() {
                let middle = |at: usize| (at + QUIET) * MODULE_PX + MODULE_PX / 2;
                let dark = colors[y * code.width() + x] == Color::Dark;
                assert_eq!(is_dark(middle(x), middle(y)), dark, "at {x}, {y}");
            }
        }
        assert!(!is_dark(0, 0), "the quiet zone is light");
    }

    #[test]
    fn what_no_qr_can_hold_is_said() {
        let long = "A".repeat(5_000);
        assert_eq!(terminal(&long), None);
        assert_eq!(svg(&long), None);
        let folder = tempfile::tempdir().unwrap();
        let error = write_png(&long, &folder.path().join("qr.png")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        assert!(svg("CQ1.HELLO").unwrap().contains("<svg"));
    }
}
