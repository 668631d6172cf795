//! The seller's logo: read once, refused by name when it cannot be printed.

use std::io::Cursor;
use std::sync::Arc;

use crate::error::Error;
use crate::zlib::deflate;

/// Heaviest file.
pub const BYTES_MAX: usize = 5 * 1024 * 1024;
/// Most pixels a side.
pub const SIDE_MAX_PX: u32 = 4_000;
/// More than this a side is never seen on paper (over 600 dots an inch in the largest place).
const PRINTED_SIDE_MAX_PX: u32 = 1_000;

/// A logo, ready to be put into any number of PDFs.
#[derive(Clone, Debug)]
pub struct Logo {
    width_px: u32,
    height_px: u32,
    picture: Arc<Picture>,
}

/// Its pixels, compressed once.
#[derive(Debug)]
pub(crate) enum Picture {
    /// RGB and, where anything is transparent, opacity; both zlib.
    Pixels {
        rgb: Vec<u8>,
        opacity: Option<Vec<u8>>,
    },
    /// A JPEG as it came, without its metadata.
    Jpeg { bytes: Vec<u8>, gray: bool },
}

impl Logo {
    /// Reads a PNG or a JPEG.
    ///
    /// # Errors
    /// [`Error::LogoTooHeavy`] beyond 5 MiB, [`Error::LogoTooLarge`] beyond 4,000 pixels a side,
    /// [`Error::LogoCmyk`], [`Error::LogoFormat`], [`Error::LogoDamaged`].
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > BYTES_MAX {
            return Err(Error::LogoTooHeavy { most: BYTES_MAX });
        }
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            read_png(bytes)
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            read_jpeg(bytes)
        } else {
            Err(Error::LogoFormat)
        }
    }

    /// Width in pixels.
    #[must_use]
    pub const fn width_px(&self) -> u32 {
        self.width_px
    }

    /// Height in pixels.
    #[must_use]
    pub const fn height_px(&self) -> u32 {
        self.height_px
    }

    pub(crate) fn picture(&self) -> &Picture {
        &self.picture
    }

    /// Width and height in points, as large as fits.
    #[expect(clippy::cast_precision_loss, reason = "at most 4,000")]
    pub(crate) fn fit(&self, most_width: f32, most_height: f32) -> (f32, f32) {
        let (width, height) = (self.width_px as f32, self.height_px as f32);
        let scale = (most_width / width).min(most_height / height);
        (width * scale, height * scale)
    }
}

fn check_sides(width_px: u32, height_px: u32) -> Result<(), Error> {
    if width_px == 0 || height_px == 0 {
        return Err(Error::LogoDamaged);
    }
    if width_px > SIDE_MAX_PX || height_px > SIDE_MAX_PX {
        return Err(Error::LogoTooLarge { most: SIDE_MAX_PX });
    }
    Ok(())
}

/// The sides are checked before a single pixel is decoded: a small file may claim to be huge.
fn read_png(bytes: &[u8]) -> Result<Logo, Error> {
    let limits = png::Limits {
        bytes: 4 * (SIDE_MAX_PX as usize).pow(2) + 1024 * 1024,
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(|_| Error::LogoDamaged)?;
    let (width_px, height_px) = reader.info().size();
    check_sides(width_px, height_px)?;
    let size = reader.output_buffer_size().ok_or(Error::LogoDamaged)?;
    let mut decoded = vec![0; size];
    let frame = reader
        .next_frame(&mut decoded)
        .map_err(|_| Error::LogoDamaged)?;
    decoded.truncate(frame.buffer_size());
    let samples = frame.color_type.samples();
    let pixel_count = width_px as usize * height_px as usize;
    if frame.bit_depth != png::BitDepth::Eight || decoded.len() != pixel_count * samples {
        return Err(Error::LogoDamaged);
    }
    let raster = Raster {
        width: width_px as usize,
        height: height_px as usize,
        samples,
        decoded,
    };
    let (width, height, rgba) = raster.reduced();
    Ok(Logo {
        width_px: u32::try_from(width).unwrap_or(SIDE_MAX_PX),
        height_px: u32::try_from(height).unwrap_or(SIDE_MAX_PX),
        picture: Arc::new(compressed(&rgba)),
    })
}

struct Raster {
    width: usize,
    height: usize,
    samples: usize,
    decoded: Vec<u8>,
}

impl Raster {
    fn pixel(&self, column: usize, row: usize) -> [u8; 4] {
        let at = (row * self.width + column) * self.samples;
        match self.decoded[at..at + self.samples] {
            [gray] => [gray, gray, gray, 255],
            [gray, opacity] => [gray, gray, gray, opacity],
            [red, green, blue] => [red, green, blue, 255],
            [red, green, blue, opacity, ..] => [red, green, blue, opacity],
            [] => [255; 4],
        }
    }

    /// Means over squares of whole pixels, until no side is larger than what paper shows.
    fn reduced(&self) -> (usize, usize, Vec<[u8; 4]>) {
        let factor = self
            .width
            .max(self.height)
            .div_ceil(PRINTED_SIDE_MAX_PX as usize);
        let (width, height) = (self.width.div_ceil(factor), self.height.div_ceil(factor));
        let mut rgba = Vec::with_capacity(width * height);
        for row in 0..height {
            for column in 0..width {
                rgba.push(self.mean(column * factor, row * factor, factor));
            }
        }
        (width, height, rgba)
    }

    /// Colours weigh by their opacity, or invisible pixels would darken the edges.
    fn mean(&self, left: usize, top: usize, factor: usize) -> [u8; 4] {
        let (mut colors, mut opacity, mut count) = ([0_u32; 3], 0_u32, 0_u32);
        for row in top..(top + factor).min(self.height) {
            for column in left..(left + factor).min(self.width) {
                let [red, green, blue, alpha] = self.pixel(column, row);
                let weight = u32::from(alpha);
                for (sum, color) in colors.iter_mut().zip([red, green, blue]) {
                    *sum += u32::from(color) * weight;
                }
                opacity += weight;
                count += 1;
            }
        }
        let byte = |value: u32| u8::try_from(value).unwrap_or(u8::MAX);
        let [red, green, blue] = colors.map(|sum| byte(sum.checked_div(opacity).unwrap_or(255)));
        [
            red,
            green,
            blue,
            byte(opacity.checked_div(count).unwrap_or(0)),
        ]
    }
}

fn compressed(rgba: &[[u8; 4]]) -> Picture {
    let rgb: Vec<u8> = rgba
        .iter()
        .flat_map(|[red, green, blue, _]| [*red, *green, *blue])
        .collect();
    let opacity: Vec<u8> = rgba.iter().map(|pixel| pixel[3]).collect();
    let transparent = opacity.iter().any(|alpha| *alpha != 255);
    Picture::Pixels {
        rgb: deflate(&rgb),
        opacity: transparent.then(|| deflate(&opacity)),
    }
}

/// Walks the segments: reads the size, leaves out metadata (place and date of a photograph have no
/// business on an invoice), keeps the coded picture as it is.
fn read_jpeg(bytes: &[u8]) -> Result<Logo, Error> {
    let mut kept = vec![0xff, 0xd8];
    let mut found: Option<(u32, u32, u8)> = None;
    let mut at = 2;
    loop {
        let marker = marker_at(bytes, &mut at)?;
        let length = usize::from(u16::from_be_bytes([byte(bytes, at)?, byte(bytes, at + 1)?]));
        let segment = bytes
            .get(at..at + length)
            .filter(|_| length >= 2)
            .ok_or(Error::LogoDamaged)?;
        match marker {
            // Baseline, extended and progressive Huffman: what PDF's DCTDecode knows.
            0xc0..=0xc2 if found.is_none() => found = Some(frame_header(segment)?),
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf | 0xd8 | 0xd9 => {
                return Err(Error::LogoDamaged);
            }
            _ => {}
        }
        if keeps(marker) {
            kept.extend([0xff, marker]);
            kept.extend(segment);
        }
        at += length;
        if marker == 0xda {
            break;
        }
    }
    let (width_px, height_px, components) = found.ok_or(Error::LogoDamaged)?;
    let end = bytes
        .windows(2)
        .rposition(|pair| pair == [0xff, 0xd9])
        .ok_or(Error::LogoDamaged)?;
    kept.extend(
        bytes
            .get(at..end + 2)
            .filter(|coded| coded.len() > 2)
            .ok_or(Error::LogoDamaged)?,
    );
    let picture = Arc::new(Picture::Jpeg {
        bytes: kept,
        gray: components == 1,
    });
    Ok(Logo {
        width_px,
        height_px,
        picture,
    })
}

/// Everything but comments and application data; Adobe's tells how colours are coded.
fn keeps(marker: u8) -> bool {
    marker == 0xee || !matches!(marker, 0xe0..=0xef | 0xfe)
}

/// The marker at `at`, after any filling; `at` moves behind it.
fn marker_at(bytes: &[u8], at: &mut usize) -> Result<u8, Error> {
    if byte(bytes, *at)? != 0xff {
        return Err(Error::LogoDamaged);
    }
    while byte(bytes, *at)? == 0xff {
        *at += 1;
    }
    let marker = byte(bytes, *at)?;
    *at += 1;
    Ok(marker)
}

fn byte(bytes: &[u8], at: usize) -> Result<u8, Error> {
    bytes.get(at).copied().ok_or(Error::LogoDamaged)
}

/// Width, height and number of components of a frame header (ITU T.81, B.2.2).
fn frame_header(segment: &[u8]) -> Result<(u32, u32, u8), Error> {
    let &[
        _,
        _,
        precision,
        high,
        low,
        wide_high,
        wide_low,
        components,
        ..,
    ] = segment
    else {
        return Err(Error::LogoDamaged);
    };
    let height_px = u32::from(u16::from_be_bytes([high, low]));
    let width_px = u32::from(u16::from_be_bytes([wide_high, wide_low]));
    check_sides(width_px, height_px)?;
    match (precision, components) {
        (8, 1 | 3) => Ok((width_px, height_px, components)),
        (8, 4) => Err(Error::LogoCmyk),
        _ => Err(Error::LogoDamaged),
    }
}

#[cfg(test)]
mod tests {
    use super::{BYTES_MAX, Logo, Picture};
    use crate::error::Error;

    fn png(width: u32, height: u32, color: png::ColorType, data: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(color);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(data).unwrap();
        drop(writer);
        bytes
    }

    fn jpeg(width: u16, height: u16, components: u8) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1, 0, 6];
        bytes.extend(b"Exif");
        bytes.extend([0xff, 0xc0, 0, 8 + 3 * components, 8]);
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.push(components);
        for component in 0..components {
            bytes.extend([component, 0x11, 0]);
        }
        bytes.extend([0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9]);
        bytes
    }

    #[test]
    fn pngs_of_every_kind_are_read() {
        for (color, samples) in [
            (png::ColorType::Grayscale, 1),
            (png::ColorType::GrayscaleAlpha, 2),
            (png::ColorType::Rgb, 3),
            (png::ColorType::Rgba, 4),
        ] {
            let logo = Logo::read(&png(6, 4, color, &vec![120; 24 * samples])).unwrap();
            assert_eq!((logo.width_px(), logo.height_px()), (6, 4));
            let Picture::Pixels { opacity, .. } = logo.picture() else {
                panic!("pixels")
            };
            assert_eq!(opacity.is_some(), samples % 2 == 0);
        }
    }

    #[test]
    fn a_large_logo_is_reduced_to_what_paper_shows() {
        let data = vec![200; 2500 * 300 * 3];
        let logo = Logo::read(&png(2500, 300, png::ColorType::Rgb, &data)).unwrap();
        assert_eq!((logo.width_px(), logo.height_px()), (834, 100));
    }

    #[test]
    fn logos_that_cannot_be_printed_are_refused_by_name() {
        let read = |bytes: &[u8]| Logo::read(bytes).map(|_| ()).unwrap_err();
        assert_eq!(
            read(&vec![0; BYTES_MAX + 1]),
            Error::LogoTooHeavy { most: BYTES_MAX }
        );
        assert_eq!(read(b"<svg/>"), Error::LogoFormat);
        assert_eq!(read(b""), Error::LogoFormat);
        let wide = png(4001, 1, png::ColorType::Grayscale, &[0; 4001]);
        assert_eq!(read(&wide), Error::LogoTooLarge { most: 4000 });
        assert_eq!(read(&jpeg(4001, 10, 3)), Error::LogoTooLarge { most: 4000 });
        assert_eq!(read(&jpeg(10, 10, 4)), Error::LogoCmyk);
        assert_eq!(read(&jpeg(0, 10, 3)), Error::LogoDamaged);
    }

    #[test]
    fn a_jpeg_keeps_its_picture_and_loses_its_metadata() {
        let logo = Logo::read(&jpeg(10, 20, 3)).unwrap();
        let Picture::Jpeg { bytes, gray } = logo.picture() else {
            panic!("a JPEG")
        };
        assert!(!gray && !bytes.windows(4).any(|window| window == b"Exif"));
        assert!(bytes.ends_with(&[1, 2, 3, 0xff, 0xd9]));
    }

    #[test]
    fn damaged_bytes_never_panic() {
        let whole = png(40, 40, png::ColorType::Rgba, &vec![7; 6400]);
        // The end of the picture's data, its checksum and the closing chunk are not needed.
        for cut in 0..whole.len() - 20 {
            assert!(Logo::read(&whole[..cut]).is_err(), "{cut}");
        }
        let photo = jpeg(10, 20, 3);
        for cut in 0..photo.len() {
            assert!(Logo::read(&photo[..cut]).is_err(), "{cut}");
        }
        for at in 0..whole.len() {
            let mut hurt = whole.clone();
            hurt[at] ^= 0x55;
            let _ = Logo::read(&hurt);
        }
        for at in 0..photo.len() {
            let mut hurt = photo.clone();
            hurt[at] ^= 0xff;
            let _ = Logo::read(&hurt);
        }
        let mut huge = png(1, 1, png::ColorType::Rgba, &[0; 4]);
        huge[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
        assert!(Logo::read(&huge).is_err());
    }
}
