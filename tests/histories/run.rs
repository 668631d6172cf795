//! Running processes point by point: one alone with a surprise on its way, or two that alternate at chosen points. Only one of
//! them runs at a time, so that the same history always takes the same course.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use crate::clock::Process;
use crate::points::{Death, Surprise};
use crate::world::World;

/// How a stretch of a process ended.
enum Stretch<T> {
    Done(T),
    /// A request is held, or it waits for its turn.
    Waits,
    Died,
}

impl World {
    /// Runs the process to the end of its work, with a surprise at one of its points. `None`: it died, and came back.
    pub(crate) async fn run<T>(
        &self,
        surprise: Option<(usize, Surprise)>,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        self.points.begin(surprise, self.last_look());
        let outcome = {
            let mut work = Box::pin(work);
            self.stretch(Process::First, work.as_mut(), false).await
        };
        self.points.run(None);
        match outcome {
            Stretch::Done(value) => Some(value),
            Stretch::Died | Stretch::Waits => {
                self.restart();
                None
            }
        }
    }

    /// Runs two processes: the second begins where a request of the first is held; when it is done or waits for its turn, the
    /// first goes on, or dies. `None`: it died. The second runs in any case.
    pub(crate) async fn run_both<T, U>(
        &self,
        at: usize,
        first: impl Future<Output = T>,
        second: impl Future<Output = U>,
        first_dies: bool,
    ) -> (Option<T>, Option<U>) {
        self.points
            .begin(Some((at, Surprise::Hold)), self.last_look());
        let (mut first, mut second) = (Box::pin(first), pin!(second));
        let mut one = self.stretch(Process::First, first.as_mut(), true).await;
        let mut two = Stretch::Waits;
        if matches!(one, Stretch::Waits) {
            two = self.stretch(Process::Second, second.as_mut(), true).await;
            if first_dies {
                self.last_look()();
                self.points.run(None);
                drop(first);
                self.payplug.release_held(false);
                self.restart();
                one = Stretch::Died;
            } else {
                self.points.release();
                self.payplug.release_held(true);
                one = self.stretch(Process::First, first.as_mut(), false).await;
            }
        }
        if matches!(two, Stretch::Waits) {
            two = self.stretch(Process::Second, second.as_mut(), false).await;
        }
        self.points.run(None);
        (done(one), done(two))
    }

    /// Runs one process until it is done, dies, or waits: for a request that is held, or (if `may_wait`) for its turn.
    async fn stretch<T>(
        &self,
        process: Process,
        mut work: Pin<&mut (impl Future<Output = T> + ?Sized)>,
        may_wait: bool,
    ) -> Stretch<T> {
        self.clock().run(process);
        self.points.run(Some(process));
        poll_fn(|context| self.step(process, work.as_mut(), may_wait, context)).await
    }

    fn step<T>(
        &self,
        process: Process,
        mut work: Pin<&mut (impl Future<Output = T> + ?Sized)>,
        may_wait: bool,
        context: &mut Context<'_>,
    ) -> Poll<Stretch<T>> {
        self.points.wake_by(context.waker());
        let first = process == Process::First;
        loop {
            if first && self.points.died().is_some() {
                return Poll::Ready(Stretch::Died);
            }
            if first && self.points.held() {
                return Poll::Ready(Stretch::Waits);
            }
            match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
                Ok(Poll::Ready(value)) => return Poll::Ready(Stretch::Done(value)),
                Ok(Poll::Pending) => {}
                Err(panic) if panic.is::<Death>() => return Poll::Ready(Stretch::Died),
                Err(panic) => resume_unwind(panic),
            }
            match self.clock().asleep(process) {
                None => return Poll::Pending,
                Some(_) if may_wait && process == Process::Second => {
                    return Poll::Ready(Stretch::Waits);
                }
                Some(until) => self.move_to(until),
            }
        }
    }
}

fn done<T>(stretch: Stretch<T>) -> Option<T> {
    match stretch {
        Stretch::Done(value) => Some(value),
        Stretch::Waits | Stretch::Died => None,
    }
}
