//! Renditions that left the house: each PDF that somebody was given is kept by the hash of its bytes.

use acquit_domain::id::{InvoiceId, MailId};
use acquit_domain::rendition::{Mark, Rendition, Sha256Hex, Way};
use acquit_store::{Reader, Writer};
use sha2::{Digest, Sha256};

use crate::view::{Break, InvoiceView};
use crate::{Acquit, Error};

/// Hashes checked at a time.
const PAGE: u32 = 200;

/// A rendition that is about to leave: its bytes, and what it says of itself.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// SHA-256 of the bytes.
    pub sha256: Sha256Hex,
    document: InvoiceId,
    marks: Vec<Mark>,
}

impl Printed {
    pub(crate) fn new(document: InvoiceId, bytes: Vec<u8>, marks: Vec<Mark>) -> Self {
        Self {
            sha256: hash(&bytes),
            bytes,
            document,
            marks,
        }
    }
}

fn hash(bytes: &[u8]) -> Sha256Hex {
    Sha256Hex::of_digest(&Sha256::digest(bytes))
}

impl Acquit {
    /// The PDF of a draft, an invoice or a credit note as [`Self::pdf`] makes it, or a duplicate of it
    /// (*DUPLICATA*). Once it is where its reader finds it, [`Self::rendition_left`] records that.
    ///
    /// # Errors
    /// As for [`Self::pdf`]; [`Error::StillADraft`] for the duplicate of a draft.
    pub async fn printed(&self, id: InvoiceId, duplicate: bool) -> Result<Printed, Error> {
        let view = self.prepare_link(id).await?;
        let printed = self.printed_of(&view, duplicate)?;
        self.left_with(&view)?;
        Ok(printed)
    }

    /// Records that a rendition left, and keeps its bytes.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn rendition_left(&self, printed: &Printed, way: Way) -> Result<(), Error> {
        self.file.write(|writer| {
            writer.keep_rendition(&printed.sha256, &printed.bytes)?;
            writer.insert_rendition(&Rendition {
                document: printed.document,
                sha256: printed.sha256.clone(),
                way,
                marks: printed.marks.clone(),
                left_at: self.parts.now(),
            })?;
            Ok(())
        })
    }

    /// What left of a document, oldest first; of a finalised one also what left of its draft.
    ///
    /// # Errors
    /// A failure of the file.
    pub fn renditions_of(&self, id: InvoiceId) -> Result<Vec<Rendition>, Error> {
        self.file.read(|reader| Ok(reader.renditions_of(id)?))
    }

    /// The bytes of a rendition that left.
    ///
    /// # Errors
    /// [`Error::UnknownRendition`]; [`Error::ChangedRendition`] when the kept bytes are not those that
    /// left.
    pub fn rendition(&self, sha256: &Sha256Hex) -> Result<Vec<u8>, Error> {
        let bytes = self.file.read(|reader| reader.rendition_bytes(sha256))?;
        let bytes = bytes.ok_or(Error::UnknownRendition)?;
        if hash(&bytes) != *sha256 {
            return Err(Error::ChangedRendition);
        }
        Ok(bytes)
    }

    /// The PDF of what a view shows; nothing is asked of PayPlug, and nothing counts as left.
    pub(crate) fn printed_of(&self, view: &InvoiceView, duplicate: bool) -> Result<Printed, Error> {
        let (bytes, marks) = self.marked_paper(view, duplicate)?;
        Ok(Printed::new(view.id, bytes, marks))
    }
}

/// Keeps what a mail carries while its content leaves; it counts as left once the mail does.
pub(crate) fn keep_with_mail(
    writer: &Writer<'_>,
    mail: MailId,
    carried: &[Printed],
) -> Result<(), Error> {
    writer.forget_carried(mail)?;
    for printed in carried {
        writer.keep_rendition(&printed.sha256, &printed.bytes)?;
        writer.insert_carried(mail, printed.document, &printed.sha256, &printed.marks)?;
    }
    Ok(())
}

/// The first fault of what is kept: bytes that are not those of their hash, or none at all.
pub(crate) fn rendition_fault(reader: &Reader<'_>) -> Result<Option<Break>, Error> {
    let fault = |what: String| {
        Ok(Some(Break {
            invariant: "4 renditions",
            what,
        }))
    };
    if let Some(missing) = reader.renditions_without_bytes()?.into_iter().next() {
        return fault(missing);
    }
    let mut after: Option<Sha256Hex> = None;
    loop {
        let page = reader.rendition_hashes_after(after.as_ref(), PAGE)?;
        for sha256 in &page {
            let bytes = reader.rendition_bytes(sha256)?.unwrap_or_default();
            if hash(&bytes) != *sha256 {
                return fault(sha256.to_string());
            }
        }
        match page.into_iter().next_back() {
            Some(last) => after = Some(last),
            None => return Ok(None),
        }
    }
}
