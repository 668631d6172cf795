//! One connection to a server that takes mails, stage by stage (RFC 5321).

use std::time::Duration;

use acquit_domain::text::Email;
use lettre::Address;
use lettre::transport::smtp::Error as Failure;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::Severity;
use tokio::time::timeout;

use crate::address::address;
use crate::{Error, Login, Roots, Security, Server};

/// How long a farewell may take: nothing hangs on it.
const FAREWELL: Duration = Duration::from_secs(2);

/// How long each stage may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// The connection, its encryption and the login, together.
    pub opening: Duration,
    /// One command.
    pub command: Duration,
    /// The message itself and the answer to it: a large one takes its time on a slow line.
    pub message: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            opening: Duration::from_secs(30),
            command: Duration::from_secs(30),
            message: Duration::from_secs(300),
        }
    }
}

/// A connection that is logged in.
pub struct Session {
    connection: AsyncSmtpConnection,
    patience: Patience,
}

/// A message that the server is ready to take.
pub struct Outgoing<'a> {
    session: &'a mut Session,
}

impl Session {
    /// Connects, encrypts, logs in.
    ///
    /// # Errors
    /// What keeps every message from leaving.
    pub async fn open(
        server: &Server,
        login: &Login,
        roots: &Roots,
        patience: Patience,
    ) -> Result<Self, Error> {
        if server.security == Security::Plain && !server.is_loopback() {
            return Err(Error::NotLoopback);
        }
        let opening = async {
            let mut connection = connect(server, roots).await?;
            log_in(&mut connection, login).await?;
            Ok(Self {
                connection,
                patience,
            })
        };
        timeout(patience.opening, opening)
            .await
            .unwrap_or(Err(Error::Unreachable))
    }

    /// Asks whether the server takes a message from and to these addresses. Until
    /// [`Outgoing::hand_over`] nothing of it has left.
    ///
    /// # Errors
    /// Why not; the session can go on with another message unless the connection is gone.
    pub async fn announce<'a>(
        &mut self,
        from: &Email,
        to: impl IntoIterator<Item = &'a Email>,
    ) -> Result<Outgoing<'_>, Error> {
        let sender = address(from)?;
        let mut accented = None;
        if !is_ascii(&sender) {
            accented = Some(from.clone());
        }
        let mut recipients = Vec::new();
        for email in to {
            let recipient = address(email)?;
            if !is_ascii(&recipient) {
                accented.get_or_insert_with(|| email.clone());
            }
            recipients.push((email, recipient));
        }
        let mut parameters = Vec::new();
        if let Some(email) = accented {
            let info = self.connection.server_info();
            if !info.supports_feature(Extension::SmtpUtfEight) {
                return Err(Error::AccentedAddress(email));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        let mail = self.command(Mail::new(Some(sender), parameters)).await;
        mail.map_err(|error| permanent(error, Error::SenderRefused))?;
        for (email, recipient) in recipients {
            let answer = self.command(Rcpt::new(recipient, Vec::new())).await;
            answer.map_err(|error| of_recipient(error, email))?;
        }
        self.command(Data).await?;
        Ok(Outgoing { session: self })
    }

    /// Whether another message can follow.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        !self.connection.has_broken()
    }

    /// Says good-bye.
    pub async fn close(mut self) {
        let farewell = timeout(FAREWELL, self.connection.quit()).await;
        if farewell.is_err() {
            tracing::debug!("the server did not answer the farewell");
        }
    }

    async fn command(&mut self, command: impl std::fmt::Display) -> Result<(), Error> {
        let answer = timeout(self.patience.command, self.connection.command(command)).await;
        match answer {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(failure)) => {
                // After a refusal the server waits for a new message only once this one is called off;
                // a new connection is the surest way.
                hang_up(&mut self.connection).await;
                Err(understood(&failure))
            }
            Err(_) => {
                hang_up(&mut self.connection).await;
                Err(Error::Unreachable)
            }
        }
    }
}

impl Outgoing<'_> {
    /// Gives the message to the server.
    ///
    /// # Errors
    /// [`Error::Unclear`] when the connection broke or no answer came: it may have arrived. Otherwise
    /// the server says itself that it did not keep it.
    pub async fn hand_over(self, message: &[u8]) -> Result<(), Error> {
        let Session {
            connection,
            patience,
        } = self.session;
        match timeout(patience.message, connection.message(message)).await {
            // “Go on” is no answer to a message that is whole.
            Ok(Ok(answer)) if answer.code().severity == Severity::PositiveCompletion => Ok(()),
            Ok(Err(failure)) if failure.status().is_some() => {
                hang_up(connection).await;
                Err(understood(&failure))
            }
            Ok(_) | Err(_) => {
                hang_up(connection).await;
                Err(Error::Unclear)
            }
        }
    }
}

/// Ends a connection that is of no use any more. A server that answered nothing else does not answer this
/// either, and is not waited for.
async fn hang_up(connection: &mut AsyncSmtpConnection) {
    if timeout(FAREWELL, connection.abort()).await.is_err() {
        tracing::debug!("the server did not answer the farewell");
    }
}

async fn connect(server: &Server, roots: &Roots) -> Result<AsyncSmtpConnection, Error> {
    // The name of this computer is nobody's business; a literal address is always allowed.
    let hello = ClientId::Ipv4(std::net::Ipv4Addr::LOCALHOST);
    let place = (server.host.as_str(), server.port);
    let implicit = match server.security {
        Security::Tls => Some(roots.verifying(&server.host)?),
        Security::StartTls | Security::Plain => None,
    };
    let connected = AsyncSmtpConnection::connect_tokio1(place, None, &hello, implicit, None).await;
    let mut connection = connected.map_err(|failure| of_the_opening(&failure))?;
    if server.security == Security::StartTls {
        if !connection.can_starttls() {
            hang_up(&mut connection).await;
            return Err(Error::NoEncryption);
        }
        let encrypted = connection
            .starttls(roots.verifying(&server.host)?, &hello)
            .await;
        encrypted.map_err(|failure| of_the_opening(&failure))?;
    }
    Ok(connection)
}

async fn log_in(connection: &mut AsyncSmtpConnection, login: &Login) -> Result<(), Error> {
    const KNOWN: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];
    if connection
        .server_info()
        .get_auth_mechanism(&KNOWN)
        .is_none()
    {
        hang_up(connection).await;
        return Err(Error::NoLogin);
    }
    let credentials = Credentials::new(login.user.clone(), login.password.to_string());
    match connection.auth(&KNOWN, &credentials).await {
        Ok(_) => Ok(()),
        Err(failure) => {
            hang_up(connection).await;
            Err(permanent(understood(&failure), Error::LoginRefused))
        }
    }
}

/// What a failure of the library means.
fn understood(failure: &Failure) -> Error {
    match failure.status() {
        Some(code) => {
            let code = u16::from(code);
            match code {
                552 => Error::TooLarge,
                400..=499 => Error::Later { code },
                _ => Error::Refused { code },
            }
        }
        None if failure.is_tls() => Error::BadCertificate,
        None if is_cut_off(failure) => Error::Unreachable,
        None if failure.is_response() || failure.is_client() => Error::NotUnderstood,
        None => of_the_handshake(failure).unwrap_or(Error::Unreachable),
    }
}

/// What a failure means before any mail is spoken of: a server that serves nobody says nothing against a
/// mail.
fn of_the_opening(failure: &Failure) -> Error {
    permanent(understood(failure), Error::NotUnderstood)
}

/// Whether the connection ended where an answer was due. The library says so in words alone.
fn is_cut_off(failure: &Failure) -> bool {
    let source = std::error::Error::source(failure);
    failure.is_response() && source.is_some_and(|said| said.to_string() == "incomplete response")
}

/// A definite no to a recipient is about them; so is a mailbox that is full (552).
fn of_recipient(error: Error, email: &Email) -> Error {
    match error {
        Error::Refused { .. } | Error::TooLarge => Error::RecipientRefused(email.clone()),
        error => error,
    }
}

/// A definite no at a stage is about that stage.
fn permanent(error: Error, of_the_stage: Error) -> Error {
    match error {
        Error::Refused { .. } => of_the_stage,
        error => error,
    }
}

/// Hosts are in ASCII already (IDNA): what is left is the part before the `@`.
fn is_ascii(address: &Address) -> bool {
    let text: &str = address.as_ref();
    text.is_ascii()
}

/// A handshake that fails comes as an error of the connection: over the certificate, or because the other
/// side does not speak TLS as it should.
fn of_the_handshake(failure: &Failure) -> Option<Error> {
    let mut source = std::error::Error::source(failure);
    while let Some(error) = source {
        let io = error.downcast_ref::<std::io::Error>();
        let tls = io.and_then(|io| io.get_ref()?.downcast_ref::<rustls::Error>());
        if let Some(tls) = tls {
            return Some(match tls {
                rustls::Error::InvalidCertificate(_) => Error::BadCertificate,
                _ => Error::NotUnderstood,
            });
        }
        source = error.source();
    }
    None
}
