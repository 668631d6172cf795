//! A message as it travels: both renditions, the logo, attachments, headers.

use acquit_domain::text::Email;
use jiff::Timestamp;
use lettre::message::header::{
    ContentTransferEncoding as Encoding, ContentType, HeaderName, HeaderValue,
};
use lettre::message::{
    Attachment as Part, Body, Mailbox, Message as Built, MessageBuilder, MultiPart, SinglePart,
};

use crate::Error;
use crate::address::address;

/// A picture inside the HTML rendition.
#[derive(Clone, Copy, Debug)]
pub struct InlineLogo<'a> {
    /// Its Content-Id, without brackets.
    pub id: &'a str,
    /// A PNG or JPEG picture.
    pub bytes: &'a [u8],
    /// `image/png` or `image/jpeg`.
    pub media_type: &'a str,
}

/// A file that goes with the message.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its kind, such as `application/pdf`.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A message.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// Message-ID, without angle brackets.
    pub id: &'a str,
    /// When it is sent.
    pub at: Timestamp,
    /// Who sends it: name and address.
    pub from: (&'a str, &'a Email),
    /// To whom it is written.
    pub to: &'a [Email],
    /// Who gets a copy.
    pub cc: &'a [Email],
    /// Subject.
    pub subject: &'a str,
    /// Plain text.
    pub text: &'a str,
    /// HTML.
    pub html: &'a str,
    /// A picture in the HTML.
    pub logo: Option<InlineLogo<'a>>,
    /// Files.
    pub attachments: &'a [Attachment],
    /// Not sent yet: a mail program opens it for writing (`X-Unsent`).
    pub is_unsent: bool,
}

impl Message<'_> {
    /// The message as bytes, lines ended by CR LF. Headers are encoded (RFC 2047, RFC 2231): nothing in
    /// them can begin a header of its own.
    ///
    /// # Errors
    /// [`Error::NotComposed`].
    pub fn bytes(&self) -> Result<Vec<u8>, Error> {
        let mut builder = Built::builder()
            .message_id(Some(format!("<{}>", self.id)))
            .date(self.at.try_into().map_err(|_| Error::NotComposed)?)
            .from(mailbox(Some(self.from.0), self.from.1)?)
            .subject(self.subject);
        for email in self.to {
            builder = builder.to(mailbox(None, email)?);
        }
        for email in self.cc {
            builder = builder.cc(mailbox(None, email)?);
        }
        if self.is_unsent {
            let name = HeaderName::new_from_ascii_str("X-Unsent");
            builder = builder.raw_header(HeaderValue::new(name, "1".to_owned()));
        }
        self.with_parts(builder)
    }

    fn with_parts(&self, builder: MessageBuilder) -> Result<Vec<u8>, Error> {
        let text = SinglePart::plain(self.text.to_owned());
        let html = SinglePart::html(self.html.to_owned());
        let alternatives = MultiPart::alternative().singlepart(text);
        let words = match self.logo {
            None => alternatives.singlepart(html),
            Some(logo) => {
                let picture = Part::new_inline(logo.id.to_owned())
                    .body(logo.bytes.to_vec(), content_type(logo.media_type)?);
                alternatives.multipart(MultiPart::related().singlepart(html).singlepart(picture))
            }
        };
        let mut whole = MultiPart::mixed().multipart(words);
        for file in self.attachments {
            let part = Part::new(file.name.clone())
                .body(unchanged(file)?, content_type(&file.media_type)?);
            whole = whole.singlepart(part);
        }
        let built = builder.multipart(whole).map_err(|_| Error::NotComposed)?;
        Ok(built.formatted())
    }
}

/// A file's content in Base64 whatever it is: left as they are, line ends of a text would be taken for the
/// message's own, and changed on the way.
fn unchanged(file: &Attachment) -> Result<Body, Error> {
    Body::new_with_encoding(file.bytes.clone(), Encoding::Base64).map_err(|_| Error::NotComposed)
}

fn mailbox(name: Option<&str>, email: &Email) -> Result<Mailbox, Error> {
    // The library panics over a line end in a name.
    let name = name.map(|name| name.replace(char::is_control, " ").trim().to_owned());
    let name = name.filter(|name| !name.is_empty());
    Ok(Mailbox::new(name, address(email)?))
}

fn content_type(text: &str) -> Result<ContentType, Error> {
    ContentType::parse(text).map_err(|_| Error::NotComposed)
}
