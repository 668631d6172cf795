//! Turns of several programs on one file: the lease row, and the lock of the system beside it.

use acquit_store::{CompanyFile, Error, TurnLock};
use jiff::Timestamp;

use crate::{NOW, filled};
#[test]
fn a_lease_has_one_holder_until_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let at = |second: i64| Timestamp::from_second(second).unwrap();
    let take = |holder: &str, now: i64, until: i64| -> bool {
        let taken: Result<bool, Error> =
            file.write(|writer| writer.take_lease("pull", holder, at(now), at(until)));
        taken.unwrap()
    };
    assert!(take("one", 0, 60));
    assert!(!take("two", 30, 90));
    assert!(take("one", 30, 90), "the holder renews");
    assert!(take("two", 90, 120), "an ended lease is free");
    let released: Result<(), Error> = file.write(|writer| writer.release_lease("pull", "one"));
    released.unwrap();
    let holder: Result<Option<String>, Error> =
        file.read(|reader| reader.lease_holder("pull", at(100)));
    assert_eq!(
        holder.unwrap().as_deref(),
        Some("two"),
        "only the holder gives it back"
    );
}

#[test]
fn a_turn_is_one_handles_until_it_lets_go_and_its_row_can_be_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let other = CompanyFile::open(folder.path(), NOW).unwrap();
    let ours = file.lock_turn("pull");
    assert!(matches!(ours, TurnLock::Ours(_)), "{ours:?}");
    assert!(matches!(other.lock_turn("pull"), TurnLock::Taken));
    assert!(matches!(other.lock_turn("other"), TurnLock::Ours(_)));
    let at = |second: i64| Timestamp::from_second(second).unwrap();
    let dead: Result<bool, Error> =
        file.write(|writer| writer.take_lease("pull", "dead", at(0), at(60)));
    assert!(dead.unwrap());
    drop(ours);
    assert!(matches!(other.lock_turn("pull"), TurnLock::Ours(_)));
    let heir: Result<(), Error> =
        other.write(|writer| writer.take_over_lease("pull", "heir", at(90)));
    heir.unwrap();
    let holder: Result<Option<String>, Error> =
        file.read(|reader| reader.lease_holder("pull", at(30)));
    assert_eq!(holder.unwrap().as_deref(), Some("heir"));
}
