//! What can go wrong on paper.

/// Why a logo or a document cannot be put on paper. Sentences for people are `app::message`'s business.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file of the logo is larger than accepted.
    #[error("the logo is larger than {most} bytes")]
    LogoTooHeavy {
        /// Most bytes accepted.
        most: usize,
    },
    /// The logo has more pixels than accepted.
    #[error("the logo is wider or higher than {most} pixels")]
    LogoTooLarge {
        /// Most pixels a side.
        most: u32,
    },
    /// Neither PNG nor JPEG.
    #[error("the logo is neither a PNG nor a JPEG")]
    LogoFormat,
    /// A JPEG in CMYK: its colours would come out inverted or wrong.
    #[error("the logo is a CMYK JPEG")]
    LogoCmyk,
    /// A PNG or JPEG that breaks off or contradicts itself.
    #[error("the logo is damaged")]
    LogoDamaged,
    /// An address that no button and no QR code can carry: not `http(s)`, not plain ASCII, too long.
    #[error("the address of the payment page cannot be printed")]
    LinkUnusable,
    /// A text that no page can hold.
    #[error("{what} is longer than a page")]
    TooLong {
        /// What is too long.
        what: &'static str,
    },
    /// The PDF could not be written: a defect of this software.
    #[error("the PDF could not be written: {0}")]
    Writing(String),
}
