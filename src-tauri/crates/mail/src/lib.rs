//! E-mail: letters as customers read them, messages as servers take them, and SMTP.
//!
//! A message leaves in two steps, so that whoever sends it can commit in between: [`Session::announce`]
//! asks the server whether it would take it, [`Outgoing::hand_over`] gives it. What fails before the
//! second step certainly did not arrive; what breaks during it may have.

mod address;
mod error;
mod letter;
mod message;
mod presets;
mod server;
mod session;
pub mod words;

pub use address::host_of;
pub use error::Error;
pub use letter::{Attached, Block, Button, Letter, PaymentBox};
pub use message::{Attachment, InlineLogo, Message};
pub use presets::{Advice, PRESETS, Preset};
pub use server::{Login, Roots, Security, Server};
pub use session::{Outgoing, Patience, Session};
