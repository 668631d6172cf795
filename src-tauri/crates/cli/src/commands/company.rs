//! `init`, `connect` and `settings`.

use std::path::Path;

use acquit_app::{Acquit, Parts};
use acquit_domain::link::FileNature;
use acquit_domain::money::french_euros;
use serde::Serialize;
use zeroize::Zeroizing;

use super::open;
use crate::arguments::{Data, ThreeDSecure};
use crate::error::Error;
use crate::output::party::{self, CompanyDocument};
use crate::output::{Answer, Form};
use crate::{input, words};

/// Longest key read: PayPlug's have some thirty characters.
const KEY_BYTES_MAX: usize = 200;

/// Makes a company file.
pub(super) fn init(data: &Data, company: &Path, form: Form) -> Result<Answer, Error> {
    #[derive(Serialize)]
    struct Document<'a> {
        data: String,
        company: CompanyDocument<'a>,
    }
    let new = input::company(company)?;
    let acquit = Acquit::create(&data.folder, new, FileNature::Real, Parts::system())?;
    let company = acquit.company()?;
    let folder = data.folder.display().to_string();
    let document = Document {
        data: folder.clone(),
        company: party::company(&company),
    };
    Ok(Answer::new(form, &document, || {
        let created = words::pick(form.lang, "Dossier créé pour", "File created for");
        format!("{created} {} : {folder}", company.name)
    }))
}

/// Checks and keeps a key.
pub(super) async fn connect(
    data: &Data,
    api_base: Option<&str>,
    form: Form,
) -> Result<Answer, Error> {
    #[derive(Serialize)]
    struct Document<'a> {
        mode: &'static str,
        country: &'a str,
        currencies: &'a [String],
        min_amount: String,
        max_amount: String,
    }
    let acquit = open(data)?;
    let key = read_key(form)?;
    let connection = acquit.connect(&key, api_base).await?;
    let limits = &connection.limits;
    let document = Document {
        mode: connection.mode.code(),
        country: &limits.country,
        currencies: &limits.currencies,
        min_amount: limits.min_amount.decimal(),
        max_amount: limits.max_amount.decimal(),
    };
    Ok(Answer::new(form, &document, || {
        let (least, most) = (
            french_euros(limits.min_amount),
            french_euros(limits.max_amount),
        );
        let connected = words::pick(
            form.lang,
            "PayPlug connecté, mode",
            "PayPlug connected, mode",
        );
        let links = words::pick(form.lang, "liens de", "links from");
        let to = words::pick(form.lang, "à", "to");
        format!(
            "{connected} {} : {links} {least} {to} {most}",
            connection.mode.code()
        )
    }))
}

/// Sets whether 3-D Secure is always asked for, from the next link on.
pub(super) fn three_d_secure(
    data: &Data,
    choice: ThreeDSecure,
    form: Form,
) -> Result<Answer, Error> {
    #[derive(Serialize)]
    struct Document {
        three_d_secure: &'static str,
    }
    open(data)?.set_force_3ds(choice == ThreeDSecure::Always)?;
    let document = Document {
        three_d_secure: choice.code(),
    };
    Ok(Answer::new(form, &document, || {
        match choice {
            ThreeDSecure::Always => words::pick(
                form.lang,
                "3-D Secure sera demandé à chaque paiement, à partir du prochain lien.",
                "3-D Secure will be asked for each payment, from the next link on.",
            ),
            ThreeDSecure::Payplug => words::pick(
                form.lang,
                "PayPlug décidera quand demander 3-D Secure, à partir du prochain lien.",
                "PayPlug will decide when to ask for 3-D Secure, from the next link on.",
            ),
        }
        .to_owned()
    }))
}

/// The key from standard input.
fn read_key(form: Form) -> Result<Zeroizing<String>, Error> {
    let prompt = words::pick(form.lang, "Clé secrète PayPlug : ", "PayPlug secret key: ");
    let line = input::secret::line(prompt, KEY_BYTES_MAX).ok_or(Error::NoKey)?;
    match line.trim() {
        "" => Err(Error::NoKey),
        key => Ok(Zeroizing::new(key.to_owned())),
    }
}
