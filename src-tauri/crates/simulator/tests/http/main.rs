//! The simulator over HTTP: one test for each documented limit, transition and fault.

#[cfg(test)]
mod api;
#[cfg(test)]
mod bench;
#[cfg(test)]
mod control;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod page;
#[cfg(test)]
mod reports;
