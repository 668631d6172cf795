//! `mailbox set`, `show` and `forget`.

use acquit_app::{Mailbox as Kept, NewMailbox, PRESETS, Server};

use super::open;
use crate::arguments::{Mailbox, MailboxToSet};
use crate::error::Error;
use crate::output::{Answer, Form, mail};
use crate::words::pick;
use crate::{input, usage};

/// Longest password read.
const PASSWORD_BYTES_MAX: usize = 500;

/// Runs a command on the mailbox.
pub(super) async fn run(command: Mailbox, form: Form) -> Result<Answer, Error> {
    match command {
        Mailbox::Set(new) => set(*new, form).await,
        Mailbox::Show { data } => {
            let mailbox = open(&data)?.mailbox()?;
            Ok(told(mailbox.as_ref(), form))
        }
        Mailbox::Forget { data } => {
            let acquit = open(&data)?;
            acquit.forget_mailbox().await?;
            Ok(told(acquit.mailbox()?.as_ref(), form))
        }
    }
}

/// The mailbox, or that there is none.
fn told(mailbox: Option<&Kept>, form: Form) -> Answer {
    Answer::new(form, &mailbox.map(mail::mailbox), || {
        mailbox.map_or_else(
            || pick(form.lang, "Aucune messagerie", "No mailbox").to_owned(),
            |mailbox| mail::mailbox_text(mailbox, form.lang),
        )
    })
}

/// Checks a mailbox by a message to itself, and keeps it.
async fn set(new: MailboxToSet, form: Form) -> Result<Answer, Error> {
    let server = server(&new)?;
    let acquit = open(&new.data)?;
    let name = match new.name {
        Some(name) => name,
        None => acquit.company()?.name,
    };
    let prompt = pick(
        form.lang,
        "Mot de passe de la messagerie : ",
        "Password of the mailbox: ",
    );
    let password = input::secret::line(prompt, PASSWORD_BYTES_MAX).ok_or(Error::NoPassword)?;
    let set = acquit
        .set_mailbox(NewMailbox {
            login: new.login.unwrap_or_else(|| new.address.to_string()),
            address: new.address,
            name,
            server,
            password,
        })
        .await;
    match set {
        Ok(mailbox) => Ok(told(Some(&mailbox), form)),
        // The fields of a mailbox are options here.
        Err(acquit_app::Error::Broken(broken)) => Err(Error::Value(broken)),
        Err(error) => Err(error.into()),
    }
}

/// The server that was named, or that of the address's provider.
fn server(new: &MailboxToSet) -> Result<Server, Error> {
    if let (Some(host), Some(port), Some(security)) = (&new.host, new.port, new.security) {
        return Ok(Server {
            host: host.clone(),
            port,
            security,
        });
    }
    let (_, domain) = new.address.as_str().rsplit_once('@').unwrap_or_default();
    let known = PRESETS.iter().find(|preset| {
        let mut domains = preset.domains.iter();
        domains.any(|known| domain.eq_ignore_ascii_case(known))
    });
    let preset = known.ok_or_else(|| usage::missing("--host"))?;
    if !preset.takes_passwords() {
        return Err(Error::NoPasswordsTaken);
    }
    Ok(Server {
        host: preset.host.to_owned(),
        port: preset.port,
        security: preset.security,
    })
}
