//! Backups of a file in use, and files made of them again.

use acquit_domain::id::MailId;
use acquit_domain::mail::{Mail, MailState, Recipients};
use acquit_store::{CompanyFile, Error, FILE_NAME};
use rusqlite::Connection;
use uuid::Uuid;

use super::{NOW, as_draft, document, draft, filled};

#[test]
fn a_backup_of_a_file_in_use_becomes_the_same_file_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let backup = folder.path().join("copie.acquit");
    file.back_up(&backup).unwrap();
    // What is written later is not in it; a second backup takes the place of the first.
    let later = draft(77);
    file.write(|writer| writer.insert_draft(&later, &as_draft(), "later"))
        .unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let place = elsewhere.path().join("neuf");
    let restored = CompanyFile::restore(&backup, &place, NOW).unwrap();
    let (known, company): (bool, bool) = restored
        .read(|reader| {
            Ok::<_, Error>((
                reader.draft(later.id)?.is_some(),
                reader.company()?.is_some(),
            ))
        })
        .unwrap();
    assert_eq!((known, company), (false, true));
    file.back_up(&backup).unwrap();
    let again = CompanyFile::restore(&backup, &elsewhere.path().join("autre"), NOW).unwrap();
    let found = again.read(|reader| reader.draft(later.id)).unwrap();
    assert_eq!(found, Some(later));
    let beside: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().contains("partial"))
        .collect();
    assert!(beside.is_empty(), "{beside:?}");
}

#[test]
fn a_backup_never_takes_the_place_of_its_own_file_or_of_another_company() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let itself = folder.path().join(FILE_NAME);
    assert!(matches!(file.back_up(&itself), Err(Error::Exists(_))));
    let backup = folder.path().join("copie");
    file.back_up(&backup).unwrap();
    assert!(matches!(
        CompanyFile::restore(&backup, folder.path(), NOW),
        Err(Error::Exists(_))
    ));
}

#[test]
fn a_damaged_a_newer_and_a_foreign_backup_are_refused_and_leave_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("copie");
    filled(folder.path()).back_up(&backup).unwrap();
    let sound = std::fs::read(&backup).unwrap();
    let place = folder.path().join("neuf");
    let refused = |bytes: &[u8]| {
        std::fs::write(&backup, bytes).unwrap();
        let error = CompanyFile::restore(&backup, &place, NOW).err().unwrap();
        assert!(!place.exists(), "{error}");
        error
    };
    assert!(matches!(
        refused(&sound[..sound.len() / 2]),
        Error::Damaged(_)
    ));
    let mut overwritten = sound.clone();
    let middle = overwritten.len() / 2;
    overwritten[middle..middle + 4_096].fill(0x5a);
    assert!(matches!(refused(&overwritten), Error::Damaged(_)));
    assert!(matches!(refused(b"Bonjour"), Error::Damaged(_)));
    assert!(matches!(refused(b""), Error::Damaged(_)));

    std::fs::write(&backup, &sound).unwrap();
    let newer = Connection::open(&backup).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let error = CompanyFile::restore(&backup, &place, NOW).err().unwrap();
    assert!(matches!(error, Error::TooNew { found: 99, .. }));
    let missing = CompanyFile::restore(&folder.path().join("rien"), &place, NOW);
    assert!(matches!(missing, Err(Error::Io { .. })));
    assert!(!place.exists());
}

#[test]
fn mails_that_waited_are_for_their_owner_to_decide_after_a_restore() {
    let folder = tempfile::tempdir().unwrap();
    let file = filled(folder.path());
    let states = [
        MailState::Queued {
            tries: 0,
            next_at: NOW,
            since: NOW,
            trouble: None,
        },
        MailState::HandingOver,
        MailState::Sent,
    ];
    let mails = [1, 2, 3].map(|number| Mail {
        id: MailId::new(Uuid::from_u128(number)),
        invoice: document(1).id,
        recipients: Recipients {
            to: Vec::new(),
            cc: Vec::new(),
            copy_to_self: false,
        },
        subject: "Facture".to_owned(),
        body: "Bonjour".to_owned(),
        state: MailState::Queued {
            tries: 0,
            next_at: NOW,
            since: NOW,
            trouble: None,
        },
        written_at: NOW,
    });
    file.write(|writer| {
        for (mail, state) in mails.iter().zip(&states) {
            writer.insert_mail(mail, &[])?;
            writer.set_mail_state(mail.id, state, NOW)?;
        }
        Ok::<_, Error>(())
    })
    .unwrap();
    let backup = folder.path().join("copie");
    file.back_up(&backup).unwrap();
    let restored = CompanyFile::restore(&backup, &folder.path().join("neuf"), NOW).unwrap();
    let after = mails.map(|mail| {
        let row = restored.read(|reader| reader.mail(mail.id)).unwrap();
        row.unwrap().mail.state
    });
    let expected = [MailState::Unclear, MailState::Unclear, MailState::Sent];
    assert_eq!(after, expected);
}
