//! A chain that was touched is seen, wherever it was touched.

use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::sample::Index;

use super::{AuditRecord, ChainBreak, ChainWalk, GENESIS, Hash};

type Stored = (AuditRecord, Hash);

/// A sound chain of these events.
fn chain(events: &[(String, Vec<u8>)]) -> Vec<Stored> {
    let mut chain: Vec<Stored> = Vec::new();
    for (sequence, (kind, body)) in (1..).zip(events) {
        let record = AuditRecord {
            sequence,
            at: Timestamp::UNIX_EPOCH
                + SignedDuration::from_millis(i64::try_from(sequence).unwrap()),
            actor: "pull".to_owned(),
            kind: kind.clone(),
            body: body.clone(),
            previous: chain.last().map_or(GENESIS, |(_, hash)| *hash),
            signature: None,
            key_id: None,
        };
        let hash = record.hash();
        chain.push((record, hash));
    }
    chain
}

fn three() -> Vec<Stored> {
    chain(
        &["invoice_finalised", "receipt_added", "entries_exported"]
            .map(|kind| (kind.to_owned(), b"{}".to_vec())),
    )
}

fn walked(chain: &[Stored]) -> Result<(u64, Hash), ChainBreak> {
    let mut walk = ChainWalk::default();
    for (record, hash) in chain {
        walk.follow(record, hash)?;
    }
    Ok(walk.head())
}

fn any_events() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    vec(("[a-z_]{1,12}", vec(any::<u8>(), 0..24)), 1..10)
}

#[test]
fn a_sound_chain_ends_in_its_head() {
    assert_eq!(walked(&[]), Ok((0, GENESIS)));
    let chain = three();
    assert_eq!(walked(&chain), Ok((3, chain[2].1)));
}

#[test]
fn a_record_taken_out_doubled_or_moved_is_seen() {
    let sound = three();
    let of = |places: &[usize]| -> Result<(u64, Hash), ChainBreak> {
        walked(
            &places
                .iter()
                .map(|place| sound[*place].clone())
                .collect::<Vec<_>>(),
        )
    };
    assert_eq!(of(&[1, 2]), Err(ChainBreak::Sequence { expected: 1 }));
    assert_eq!(of(&[0, 2]), Err(ChainBreak::Sequence { expected: 2 }));
    assert_eq!(of(&[0, 0, 1, 2]), Err(ChainBreak::Sequence { expected: 2 }));
    assert_eq!(of(&[0, 2, 1]), Err(ChainBreak::Sequence { expected: 2 }));
    // The end that is cut off shows in the head alone.
    assert_eq!(of(&[0, 1]), Ok((2, sound[1].1)));
}

#[test]
fn a_record_of_another_chain_does_not_follow() {
    let other = chain(&[
        ("demonstration".to_owned(), Vec::new()),
        ("receipt_added".to_owned(), b"{}".to_vec()),
    ]);
    let mut mixed = three();
    mixed[1] = other[1].clone();
    assert_eq!(walked(&mixed), Err(ChainBreak::Previous { sequence: 2 }));
    let mut first = three();
    first[0].0.previous = [1; 32];
    assert_eq!(walked(&first), Err(ChainBreak::Previous { sequence: 1 }));
}

#[test]
fn no_field_flows_into_the_next() {
    let record = |actor: &str, kind: &str, body: &[u8]| {
        let (mut record, _) = three().remove(0);
        record.actor = actor.to_owned();
        record.kind = kind.to_owned();
        record.body = body.to_vec();
        record.hash()
    };
    let hashes = [
        record("ab", "c", b""),
        record("a", "bc", b""),
        record("abc", "", b""),
        record("a", "b", b"c"),
        record("", "", b"abc"),
    ];
    for (place, hash) in hashes.iter().enumerate() {
        assert!(!hashes[place + 1..].contains(hash), "{place}");
    }
}

/// The form is what old files were hashed with: it may never change under its version.
#[test]
fn the_form_of_version_one_stays_as_it_is() {
    let (record, hash) = three().remove(0);
    let mut bytes = Vec::new();
    bytes.extend(1_u32.to_be_bytes());
    bytes.extend(1_u64.to_be_bytes());
    bytes.extend(1_000_i64.to_be_bytes());
    for part in ["pull", "invoice_finalised", "{}"] {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    bytes.extend(record.previous);
    assert_eq!(
        <[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(bytes)),
        hash
    );
}

#[test]
fn a_signature_stands_beside_the_hash() {
    let (record, hash) = three().remove(0);
    let signed = AuditRecord {
        signature: Some(vec![1; 64]),
        key_id: Some("k1".to_owned()),
        ..record
    };
    assert_eq!(signed.hash(), hash);
}

/// Changes one thing in a record.
fn tamper(record: &mut AuditRecord, what: u8, at: Index, by: u8) {
    let flip = by.max(1);
    match what % 6 {
        0 => record.sequence += u64::from(flip),
        1 => record.at += SignedDuration::from_micros(i64::from(flip)),
        2 => record.actor.push('x'),
        3 => record.kind.insert(at.index(record.kind.len() + 1), 'x'),
        4 if record.body.is_empty() => record.body.push(by),
        4 => {
            let place = at.index(record.body.len());
            record.body[place] ^= flip;
        }
        _ => record.previous[at.index(32)] ^= flip,
    }
}

proptest! {
    #[test]
    fn every_sound_chain_is_followed_to_its_end(events in any_events()) {
        let chain = chain(&events);
        let head = chain.last().map(|(record, hash)| (record.sequence, *hash));
        prop_assert_eq!(walked(&chain).ok(), head);
    }

    #[test]
    fn any_change_of_any_record_is_found(events in any_events(), place in any::<Index>(), what in any::<u8>(), at in any::<Index>(), by in any::<u8>()) {
        let mut chain = chain(&events);
        let place = place.index(chain.len());
        tamper(&mut chain[place].0, what, at, by);
        prop_assert!(walked(&chain).is_err());
    }

    #[test]
    fn a_change_with_its_hash_made_good_breaks_the_next_record_or_the_head(events in any_events(), place in any::<Index>(), at in any::<Index>(), by in any::<u8>()) {
        let sound = chain(&events);
        let mut changed = sound.clone();
        let place = place.index(changed.len());
        tamper(&mut changed[place].0, 4, at, by);
        changed[place].1 = changed[place].0.hash();
        match walked(&changed) {
            Err(found) => prop_assert_eq!(found, ChainBreak::Previous { sequence: place as u64 + 2 }),
            Ok(head) => {
                prop_assert_eq!(place + 1, sound.len());
                prop_assert!(Ok(head) != walked(&sound));
            }
        }
    }

    #[test]
    fn a_stored_hash_that_was_changed_is_found(events in any_events(), place in any::<Index>(), byte in 0_usize..32, by in 1_u8..) {
        let mut chain = chain(&events);
        let place = place.index(chain.len());
        chain[place].1[byte] ^= by;
        prop_assert_eq!(walked(&chain), Err(ChainBreak::Content { sequence: place as u64 + 1 }));
    }

    #[test]
    fn a_record_taken_out_of_the_middle_is_found(events in vec(("[a-z]{1,8}", vec(any::<u8>(), 0..8)), 2..10), place in any::<Index>()) {
        let mut chain = chain(&events);
        let place = place.index(chain.len() - 1);
        chain.remove(place);
        prop_assert_eq!(walked(&chain), Err(ChainBreak::Sequence { expected: place as u64 + 1 }));
    }
}
