//! How streams are compressed.

use std::cell::RefCell;

use libdeflater::Compressor;

thread_local! {
    // Its tables are larger than most of what it packs: made once, with room for the largest result.
    static PACKER: RefCell<(Compressor, Vec<u8>)> = RefCell::default();
}

/// zlib at libdeflate's own level, 6. The same bytes on every processor: its instructions for one kind
/// only clear tables and add up.
#[expect(clippy::expect_used, reason = "there is room for whatever it becomes")]
pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    PACKER.with_borrow_mut(|(packer, room)| {
        let most = packer.zlib_compress_bound(bytes.len());
        if room.len() < most {
            room.resize(most, 0);
        }
        let length = packer.zlib_compress(bytes, room);
        room[..length.expect("room enough")].to_vec()
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::ZlibDecoder;
    use libdeflater::CompressionLvl;

    use super::deflate;

    /// A library that changes its mind would change the bytes of every document.
    #[test]
    fn the_level_is_still_six() {
        assert_eq!(CompressionLvl::default(), CompressionLvl::new(6).unwrap());
    }

    #[test]
    fn what_is_packed_is_unpacked_by_another_library() {
        let noise =
            |seed: u32| (0..seed * 97).map(move |at| ((at * at * seed) >> 3).to_le_bytes()[0]);
        let texts = (0..60).map(|seed| noise(seed).collect());
        for text in texts.chain([Vec::new(), vec![b'a'; 100_000]]) {
            let mut unpacked = Vec::new();
            let packed = deflate(&text);
            ZlibDecoder::new(&packed[..])
                .read_to_end(&mut unpacked)
                .unwrap();
            assert_eq!(unpacked, text);
        }
    }
}
