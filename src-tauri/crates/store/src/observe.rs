//! What a simulation may learn of a file, and ask of it: where its transactions end, and that it need not last.

use std::path::Path;
use std::time::Duration;

use crate::CompanyFile;
use crate::error::Error;

/// The computer's memory as a folder (Linux): what lies there ends with the computer.
const MEMORY: &str = "/dev/shm";

/// Where a transaction that changes something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Boundary {
    /// Its work is done, nothing of it is in the file: what stops here leaves the file as it was.
    BeforeCommit,
    /// It is in the file; the one who asked for it has not been told.
    AfterCommit,
}

/// Is called at each boundary, on the thread that writes.
pub(crate) type Observer = Box<dyn Fn(Boundary) + Send + Sync>;

impl CompanyFile {
    /// From now on `observer` is called at both boundaries of each transaction that changes something. It may panic: before
    /// the commit the transaction is rolled back, after it what was written stays. Only the first observer is kept; `false`
    /// if there was one.
    pub fn observe(&self, observer: Observer) -> bool {
        self.observer.set(observer).is_ok()
    }

    /// The file is for one experiment: nothing is synchronised, and nobody waits for another's write lock. Only where
    /// nothing lasts anyway (`/dev/shm`); any other file stays as it is, and the answer is `false`.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn forget_durability(&self) -> Result<bool, Error> {
        if !self.path.starts_with(Path::new(MEMORY)) {
            return Ok(false);
        }
        let connection = self.lock();
        connection.pragma_update(None, "synchronous", "OFF")?;
        connection.busy_timeout(Duration::ZERO)?;
        Ok(true)
    }

    /// Nothing of this file need last until it is [settled](Self::settle): for a file that is made at once and worth
    /// nothing before it is whole. What is written is one transaction, until [`Self::lay_down`] begins another.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn rush(&self) -> Result<(), Error> {
        let connection = self.lock();
        connection.pragma_update(None, "synchronous", "OFF")?;
        Ok(connection.execute_batch("BEGIN IMMEDIATE")?)
    }

    /// Puts into a file that [rushes](Self::rush) what was written meanwhile, so that it does not pile up.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn lay_down(&self) -> Result<(), Error> {
        Ok(self.lock().execute_batch("COMMIT; BEGIN IMMEDIATE")?)
    }

    /// What was written since [`Self::rush`] is on the disk, and lasts from now on.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn settle(&self) -> Result<(), Error> {
        let connection = self.lock();
        connection.execute_batch("COMMIT")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    pub(crate) fn tell(&self, boundary: Boundary) {
        if let Some(observer) = self.observer.get() {
            observer(boundary);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::{Arc, Mutex};

    use jiff::Timestamp;

    use super::Boundary;
    use crate::{CompanyFile, Error};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn write(file: &CompanyFile, name: &str) -> Result<(), Error> {
        file.write(|writer| writer.set_reconciler(name, NOW, None))
    }

    fn is_there(file: &CompanyFile, name: &str) -> bool {
        let found: Result<_, Error> = file.read(|reader| reader.reconciler(name));
        found.unwrap().is_some()
    }

    /// A file whose observer panics at one boundary.
    fn dies_at(folder: &std::path::Path, at: Boundary) -> CompanyFile {
        let file = CompanyFile::create(folder, NOW).unwrap();
        assert!(file.observe(Box::new(move |boundary| assert_ne!(boundary, at))));
        file
    }

    #[test]
    fn what_stops_before_the_commit_leaves_nothing_and_after_it_everything() {
        for (at, stays) in [
            (Boundary::BeforeCommit, false),
            (Boundary::AfterCommit, true),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let file = dies_at(folder.path(), at);
            let death = catch_unwind(AssertUnwindSafe(|| write(&file, "one")));
            assert!(death.is_err());
            assert_eq!(is_there(&file, "one"), stays);
            let again = CompanyFile::open(folder.path(), NOW).unwrap();
            assert_eq!(is_there(&again, "one"), stays);
            assert!(write(&again, "two").is_ok(), "nobody holds the lock");
        }
    }

    #[test]
    fn only_what_changes_something_is_told_and_one_observer_is_enough() {
        let folder = tempfile::tempdir().unwrap();
        let file = CompanyFile::create(folder.path(), NOW).unwrap();
        let told = Arc::new(Mutex::new(Vec::new()));
        let kept = told.clone();
        assert!(file.observe(Box::new(move |boundary| {
            kept.lock().unwrap().push(boundary)
        })));
        assert!(!file.observe(Box::new(|_| ())));
        let nothing: Result<(), Error> = file.write(|writer| writer.release_lease("x", "nobody"));
        nothing.unwrap();
        assert!(told.lock().unwrap().is_empty());
        write(&file, "one").unwrap();
        let told = told.lock().unwrap();
        assert_eq!(*told, [Boundary::BeforeCommit, Boundary::AfterCommit]);
    }

    #[test]
    fn a_file_that_rushes_keeps_what_succeeded_once_it_is_settled() {
        let folder = tempfile::tempdir().unwrap();
        let file = CompanyFile::create(folder.path(), NOW).unwrap();
        file.rush().unwrap();
        write(&file, "one").unwrap();
        let refused: Result<(), Error> = file.write(|writer| {
            writer.set_reconciler("refused", NOW, None)?;
            Err(Error::Busy)
        });
        assert!(refused.is_err());
        let other = CompanyFile::open(folder.path(), NOW).unwrap();
        assert!(is_there(&file, "one") && !is_there(&file, "refused"));
        assert!(!is_there(&other, "one"), "nothing is there yet");
        file.lay_down().unwrap();
        assert!(is_there(&other, "one"));
        write(&file, "two").unwrap();
        file.settle().unwrap();
        assert!(is_there(&other, "two") && !is_there(&other, "refused"));
        assert!(write(&other, "three").is_ok(), "nobody holds the lock");
    }

    #[test]
    fn a_file_that_may_last_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = CompanyFile::create(folder.path(), NOW).unwrap();
        let synchronous = |file: &CompanyFile| -> i64 {
            let connection = file.lock();
            connection
                .pragma_query_value(None, "synchronous", |row| row.get(0))
                .unwrap()
        };
        let in_memory = folder.path().starts_with(super::MEMORY);
        assert_eq!(file.forget_durability().unwrap(), in_memory);
        assert_eq!(synchronous(&file), if in_memory { 0 } else { 2 });
        if std::path::Path::new(super::MEMORY).is_dir() {
            let folder = tempfile::tempdir_in(super::MEMORY).unwrap();
            let file = CompanyFile::create(folder.path(), NOW).unwrap();
            assert!(file.forget_durability().unwrap());
            assert_eq!(synchronous(&file), 0);
        }
    }
}
