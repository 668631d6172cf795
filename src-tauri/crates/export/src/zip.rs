//! A ZIP of files that are packed already: stored one after the other, in the memory of one, and the same bytes
//! whenever it is written (APPNOTE 6.3.10; ZIP64 beyond 65 534 files or 4 GiB).

use std::io::{self, Write};

/// 1 January 1980, the first day that a ZIP knows: no file says when it was written.
const DATE: u16 = 0x0021;
/// Names are UTF-8.
const UTF8: u16 = 0x0800;
/// Version needed to unpack what is stored.
const PLAIN: u16 = 20;
/// The same with 64-bit places.
const LARGE: u16 = 45;
/// Stands for a number that is told elsewhere in 64 bits.
const ELSEWHERE: u32 = u32::MAX;

/// A file as the directory at the end tells of it.
struct Listed {
    name: String,
    crc: u32,
    length: u32,
    place: u64,
}

/// Writes a ZIP from its first byte to its last.
pub struct ZipWriter<W> {
    out: W,
    place: u64,
    listed: Vec<Listed>,
}

impl<W: Write> ZipWriter<W> {
    /// An empty ZIP.
    pub const fn new(out: W) -> Self {
        Self {
            out,
            place: 0,
            listed: Vec::new(),
        }
    }

    /// Adds a file. Names are the caller's to keep apart.
    ///
    /// # Errors
    /// A failure of the output; a file of 4 GiB or a name of 64 KiB.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let too_large = |_| io::Error::from(io::ErrorKind::FileTooLarge);
        let file = Listed {
            name: name.to_owned(),
            crc: crc32fast::hash(bytes),
            length: u32::try_from(bytes.len()).map_err(too_large)?,
            place: self.place,
        };
        let mut head = Record::new(0x0403_4b50);
        head.short(PLAIN).short(UTF8).common(&file)?.short(0);
        self.put(&head.0)?;
        self.put(name.as_bytes())?;
        self.put(bytes)?;
        self.listed.push(file);
        Ok(())
    }

    /// Ends the ZIP with its directory; what it was written to.
    ///
    /// # Errors
    /// A failure of the output.
    pub fn finish(mut self) -> io::Result<W> {
        let start = self.place;
        let listed = std::mem::take(&mut self.listed);
        for file in &listed {
            self.count_in(file)?;
        }
        self.end(listed.len() as u64, start)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn count_in(&mut self, file: &Listed) -> io::Result<()> {
        let near = u32::try_from(file.place).ok().filter(|at| *at < ELSEWHERE);
        let version = if near.is_some() { PLAIN } else { LARGE };
        let mut far = Vec::new();
        if near.is_none() {
            far.extend_from_slice(&[1, 0, 8, 0]);
            far.extend_from_slice(&file.place.to_le_bytes());
        }
        let mut head = Record::new(0x0201_4b50);
        head.short(version)
            .short(version)
            .short(UTF8)
            .common(file)?;
        head.short(u16::try_from(far.len()).map_err(io::Error::other)?);
        // No comment, the first disk, no attributes.
        head.short(0).short(0).short(0).long(0);
        head.long(near.unwrap_or(ELSEWHERE));
        self.put(&head.0)?;
        self.put(file.name.as_bytes())?;
        self.put(&far)?;
        Ok(())
    }

    fn end(&mut self, count: u64, start: u64) -> io::Result<()> {
        let length = self.place - start;
        let short = u16::try_from(count).ok().filter(|count| *count < u16::MAX);
        let long = |number: u64| u32::try_from(number).ok().filter(|it| *it < ELSEWHERE);
        if short.is_none() || long(length).is_none() || long(start).is_none() {
            let at = self.place;
            let mut large = Record::new(0x0606_4b50);
            large.wide(44).short(LARGE).short(LARGE).long(0).long(0);
            large.wide(count).wide(count).wide(length).wide(start);
            let mut locator = Record::new(0x0706_4b50);
            locator.long(0).wide(at).long(1);
            self.put(&large.0)?;
            self.put(&locator.0)?;
        }
        let mut last = Record::new(0x0605_4b50);
        let count = short.unwrap_or(u16::MAX);
        last.short(0).short(0).short(count).short(count);
        last.long(long(length).unwrap_or(ELSEWHERE));
        last.long(long(start).unwrap_or(ELSEWHERE)).short(0);
        self.put(&last.0)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.place += bytes.len() as u64;
        Ok(())
    }
}

/// Bytes of a record, little end first.
struct Record(Vec<u8>);

impl Record {
    fn new(signature: u32) -> Self {
        Self(signature.to_le_bytes().to_vec())
    }

    fn short(&mut self, number: u16) -> &mut Self {
        self.0.extend_from_slice(&number.to_le_bytes());
        self
    }

    fn long(&mut self, number: u32) -> &mut Self {
        self.0.extend_from_slice(&number.to_le_bytes());
        self
    }

    fn wide(&mut self, number: u64) -> &mut Self {
        self.0.extend_from_slice(&number.to_le_bytes());
        self
    }

    /// What both heads of a file say: stored, when, and how much, up to the length of its name.
    fn common(&mut self, file: &Listed) -> io::Result<&mut Self> {
        let name = u16::try_from(file.name.len()).map_err(io::Error::other)?;
        self.short(0).short(0).short(DATE).long(file.crc);
        self.long(file.length).long(file.length).short(name);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::process::Command;

    use super::ZipWriter;
    use proptest::prelude::{any, prop_assert_eq, proptest};

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Vec::new());
        for (name, bytes) in files {
            zip.add(name, bytes).unwrap();
        }
        zip.finish().unwrap()
    }

    fn number(bytes: &[u8], at: usize, length: usize) -> usize {
        let digits = bytes[at..at + length].iter().rev();
        digits.fold(0, |sum, byte| sum * 256 + usize::from(*byte))
    }

    /// The files of a ZIP, found by its directory, as a program does that wrote none of it.
    fn unzipped(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
        let end = bytes.len() - 22;
        assert_eq!(&bytes[end..end + 4], b"PK\x05\x06");
        let mut at = number(bytes, end + 16, 4);
        let mut files = BTreeMap::new();
        for _ in 0..number(bytes, end + 10, 2) {
            assert_eq!(&bytes[at..at + 4], b"PK\x01\x02");
            let (crc, length) = (number(bytes, at + 16, 4), number(bytes, at + 24, 4));
            let (name, extra) = (number(bytes, at + 28, 2), number(bytes, at + 30, 2));
            let head = number(bytes, at + 42, 4);
            let called = String::from_utf8(bytes[at + 46..at + 46 + name].to_vec()).unwrap();
            assert_eq!(&bytes[head..head + 4], b"PK\x03\x04");
            assert_eq!(bytes[head + 14..head + 30], bytes[at + 16..at + 32]);
            let content = bytes[head + 30 + name..head + 30 + name + length].to_vec();
            assert_eq!(usize::try_from(crc32fast::hash(&content)), Ok(crc));
            files.insert(called, content);
            at += 46 + name + extra;
        }
        assert_eq!(at, end);
        files
    }

    #[test]
    fn an_empty_zip_is_its_last_record() {
        assert_eq!(zip(&[]), [b"PK\x05\x06".as_slice(), &[0; 18]].concat());
    }

    #[test]
    fn what_is_stored_is_there_under_its_name() {
        // The check value of every description of this CRC.
        assert_eq!(crc32fast::hash(b"123456789"), 0xcbf4_3926);
        let bytes = zip(&[("F-2026-00001.pdf", b"%PDF-1"), ("é.pdf", b"")]);
        let files = unzipped(&bytes);
        assert_eq!(files["F-2026-00001.pdf"], b"%PDF-1");
        assert_eq!(files["é.pdf"], b"");
        assert_eq!(
            bytes,
            zip(&[("F-2026-00001.pdf", b"%PDF-1"), ("é.pdf", b"")])
        );
    }

    /// More files than 16 bits count: the 64-bit records are there, and an outside program reads them.
    #[test]
    fn many_files_are_counted_in_64_bits() {
        let names: Vec<String> = (0..65_600).map(|index| format!("{index}.pdf")).collect();
        let files: Vec<(&str, &[u8])> = names
            .iter()
            .map(|name| (name.as_str(), b"x".as_slice()))
            .collect();
        let bytes = zip(&files);
        let large = bytes.len() - 22 - 20 - 56;
        assert_eq!(&bytes[large..large + 4], b"PK\x06\x06");
        assert_eq!(number(&bytes, large + 32, 8), names.len());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("many.zip");
        std::fs::write(&path, &bytes).unwrap();
        if let Ok(judged) = Command::new("unzip").arg("-tqq").arg(&path).output() {
            assert!(judged.status.success(), "{judged:?}");
        }
    }

    proptest! {
        #[test]
        fn any_files_come_out_as_they_went_in(
            files in proptest::collection::btree_map("[a-zàé0-9 /-]{1,20}", proptest::collection::vec(any::<u8>(), 0..200), 0..8)
        ) {
            let given: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
            prop_assert_eq!(unzipped(&zip(&given)), files);
        }
    }
}
