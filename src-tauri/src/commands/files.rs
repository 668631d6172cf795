//! Opening: the first start, the demonstration, the owner's company.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use acquit_app::demo::{AGE, Payer, furnish};
use acquit_app::{Acquit, Error, Parts};
use acquit_domain::link::{FileNature, Mode};
use acquit_domain::remote::PaymentId;
use acquit_simulator::{ClockSource, Handle, Options, Simulator};
use tauri::{AppHandle, State};

use super::{Answer, at_the_desk, payments};
use crate::background;
use crate::dto::{CompanyForm, FieldError, Opening, Pull, Start, Tape};
use crate::failure::Failure;
use crate::form;
use crate::state::{Desk, Session};

/// The documented test card that is always accepted.
const CARD: &str = "4242424242424242";

/// What the window needs to start, or to start again with another company.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start(desk: State<'_, Desk>) -> Answer<Start> {
    let new_company = desk.preferences().new_company();
    let has_company = desk.has_company();
    let Some(session) = desk.open_session() else {
        return Ok(Start {
            opening: Opening::FirstStart,
            company: None,
            city: None,
            tape: Tape::None,
            today: Parts::system().today().to_string(),
            pull: Pull::default(),
            outstanding: 0,
            to_resolve: 0,
            failure: desk.failure(),
            has_company,
            new_company,
        });
    };
    at_the_desk(&session, move |session| {
        let company = session.acquit.company()?;
        Ok(Start {
            opening: Opening::Company,
            company: Some(company.name),
            city: Some(company.address.city),
            tape: tape(session)?,
            today: session.acquit.today().to_string(),
            pull: session.pull(),
            outstanding: session.acquit.list_counts()?.outstanding,
            to_resolve: payments::count_to_resolve(session)?,
            failure: None,
            has_company,
            new_company: None,
        })
    })
    .await
}

fn tape(session: &Session) -> Answer<Tape> {
    Ok(match session.acquit.nature()? {
        FileNature::Demonstration => Tape::Demonstration,
        FileNature::Trial => Tape::Trial,
        FileNature::Real => match session.acquit.connection()? {
            Some(connection) if connection.mode == Mode::Test => Tape::Test,
            _ => Tape::None,
        },
    })
}

/// The window has drawn what it starts with; with `ACQUIT_MEASURE` set, `cargo xtask measure` is told.
#[tauri::command]
#[specta::specta]
pub(crate) async fn usable() -> Answer<()> {
    if std::env::var_os("ACQUIT_MEASURE").is_some() {
        eprintln!("usable");
    }
    Ok(())
}

/// Opens the demonstration company, made anew.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_demonstration(app: AppHandle, desk: State<'_, Desk>) -> Answer<()> {
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let options = Options {
        // Page tokens of a known seed could be told in advance.
        seed: Parts::system().uuid().as_u64_pair().0,
        clock: ClockSource::Late(AGE.as_secs()),
        accept_company: Some("Ferrand Plomberie Chauffage".to_owned()),
        company_city: Some("Saint-Cyr-sur-Loire".to_owned()),
        ..Options::default()
    };
    let simulator = Simulator::start(any_port, options)
        .await
        .map_err(|error| simulator_failure(&error))?;
    let customers = Customers::new(simulator.handle());
    // An open demonstration holds the file that is to be made anew.
    desk.set_session(None);
    let acquit = furnish(
        &desk.demonstration_folder(),
        &simulator.base_url(),
        &customers,
        |seconds| customers.note(customers.simulator.advance_clock(seconds)),
    )
    .await?;
    customers.verdict()?;
    open(&app, &desk, Session::new(acquit, Some(simulator)));
    Ok(())
}

/// Leaves the demonstration: the owner's company opens again, or the first start.
#[tauri::command]
#[specta::specta]
pub(crate) async fn leave_demonstration(app: AppHandle, desk: State<'_, Desk>) -> Answer<()> {
    desk.set_session(None);
    if desk.has_company() {
        open_company(&app, &desk)?;
    }
    Ok(())
}

/// Makes the owner's company and opens it. What cannot be read comes back field by field.
#[tauri::command]
#[specta::specta]
pub(crate) async fn create_company(
    app: AppHandle,
    desk: State<'_, Desk>,
    form: CompanyForm,
) -> Answer<Vec<FieldError>> {
    let new = match form::company(&form, None) {
        Ok(new) => new,
        Err(errors) => {
            keep(&desk, Some(form))?;
            return Ok(errors);
        }
    };
    let folder = desk.company_folder();
    let acquit = Acquit::create(&folder, new, FileNature::Real, Parts::system())?;
    keep(&desk, None)?;
    open(&app, &desk, Session::new(acquit, None));
    Ok(Vec::new())
}

/// Keeps what is typed of a new company, and says which fields cannot be read yet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keep_new_company(
    desk: State<'_, Desk>,
    form: CompanyForm,
) -> Answer<Vec<FieldError>> {
    let errors = form::company(&form, None).err().unwrap_or_default();
    keep(&desk, Some(form))?;
    Ok(errors)
}

fn keep(desk: &Desk, form: Option<CompanyForm>) -> Answer<()> {
    let kept = desk.preferences().set_new_company(form);
    kept.map_err(|source| Failure::io(desk.data(), source))
}

/// Opens the owner's company.
pub(crate) fn open_company(app: &AppHandle, desk: &Desk) -> Answer<()> {
    let acquit = Acquit::open(&desk.company_folder(), Parts::system())?;
    open(app, desk, Session::new(acquit, None));
    Ok(())
}

fn open(app: &AppHandle, desk: &Desk, session: Session) {
    let session = Arc::new(session);
    desk.set_session(Some(Arc::clone(&session)));
    background::start(app, &session);
}

/// The pretended customers of the demonstration's past.
struct Customers {
    simulator: Handle,
    /// The first thing that went wrong there; it would make the demonstration a lie.
    failure: Mutex<Option<acquit_simulator::Error>>,
}

impl Customers {
    fn new(simulator: Handle) -> Self {
        Self {
            simulator,
            failure: Mutex::new(None),
        }
    }

    fn note<T>(&self, outcome: Result<T, acquit_simulator::Error>) {
        if let Err(error) = outcome {
            let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
            failure.get_or_insert(error);
        }
    }

    fn verdict(self) -> Answer<()> {
        let failure = self
            .failure
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        match failure {
            None => Ok(()),
            Some(error) => Err(simulator_failure(&error)),
        }
    }
}

impl Payer for Customers {
    async fn pay(&self, payment: &PaymentId) {
        self.note(self.simulator.pay(payment.as_str(), CARD));
    }

    async fn refuse(&self, payment: &PaymentId, code: &str) {
        self.note(self.simulator.refuse(payment.as_str(), code, true));
    }
}

fn simulator_failure(error: &acquit_simulator::Error) -> Failure {
    tracing::warn!(%error, "the simulator");
    Failure::from(Error::Inconsistent("simulator"))
}
