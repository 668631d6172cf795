//! A ZIP of files that are packed already: stored one after the other, in the memory of one, and the same bytes
//! whenever it is written.

use std::io::{self, Write};

use rawzip::{CompressionMethod, ZipArchiveWriter};

/// Writes a ZIP from its first byte to its last.
pub struct ZipWriter<W>(ZipArchiveWriter<W>);

impl<W: Write> ZipWriter<W> {
    /// An empty ZIP.
    pub fn new(out: W) -> Self {
        Self(ZipArchiveWriter::new(out))
    }

    /// Adds a file, which says no time. Names are the caller's to keep apart.
    ///
    /// # Errors
    /// A failure of the output, or a name of 64 KiB.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let stored = self.0.new_file(name);
        let stored = stored.compression_method(CompressionMethod::STORE);
        let (mut entry, config) = stored.start().map_err(io::Error::other)?;
        let mut content = config.wrap(&mut entry);
        content.write_all(bytes)?;
        let (_, told) = content.finish().map_err(io::Error::other)?;
        entry.finish(told).map_err(io::Error::other)?;
        Ok(())
    }

    /// Ends the ZIP with its directory; what it was written to.
    ///
    /// # Errors
    /// A failure of the output.
    pub fn finish(self) -> io::Result<W> {
        let mut out = self.0.finish().map_err(io::Error::other)?;
        out.flush()?;
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Read;

    use super::ZipWriter;
    use proptest::prelude::{any, prop_assert_eq, proptest};
    use rawzip::{CompressionMethod, ZipArchive};

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Vec::new());
        for (name, bytes) in files {
            zip.add(name, bytes).unwrap();
        }
        zip.finish().unwrap()
    }

    fn unzipped(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
        let archive = ZipArchive::from_slice(bytes).unwrap();
        let mut entries = archive.entries();
        let mut files = BTreeMap::new();
        while let Some(entry) = entries.next_entry().unwrap() {
            assert_eq!(entry.compression_method(), CompressionMethod::STORE);
            let name = entry.file_path().try_normalize().unwrap();
            let name = name.as_ref().to_owned();
            let stored = archive.get_entry(entry.wayfinder()).unwrap();
            let mut content = Vec::new();
            let mut checked = stored.verifying_reader(stored.data());
            checked.read_to_end(&mut content).unwrap();
            files.insert(name, content);
        }
        files
    }

    #[test]
    fn an_empty_zip_is_its_last_record() {
        assert_eq!(zip(&[]), [b"PK\x05\x06".as_slice(), &[0; 18]].concat());
    }

    #[test]
    fn what_is_stored_is_there_under_its_name() {
        let bytes = zip(&[("F-2026-00001.pdf", b"%PDF-1"), ("é.pdf", b"")]);
        let files = unzipped(&bytes);
        assert_eq!(files["F-2026-00001.pdf"], b"%PDF-1");
        assert_eq!(files["é.pdf"], b"");
        assert_eq!(
            bytes,
            zip(&[("F-2026-00001.pdf", b"%PDF-1"), ("é.pdf", b"")])
        );
    }

    /// More files than 16 bits count: the 64-bit records are there.
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
        let told = u64::from_le_bytes(bytes[large + 32..large + 40].try_into().unwrap());
        assert_eq!(told, 65_600);
    }

    proptest! {
        #[test]
        fn any_files_come_out_as_they_went_in(
            files in proptest::collection::btree_map("[a-zàé0-9 -]{1,20}", proptest::collection::vec(any::<u8>(), 0..200), 0..8)
        ) {
            let given: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
            prop_assert_eq!(unzipped(&zip(&given)), files);
        }
    }
}
