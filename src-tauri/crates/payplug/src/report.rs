//! Accounting reports: PayPlug's own list of movements, with fees, as a CSV file made on demand.

use std::fmt;
use std::io::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use reqwest::Method;
use serde_json::{Map, Value, json};
use url::Url;

use crate::transport::{Call, not_understood};
use crate::{Client, Error, UrlPolicy, address, convert};

/// Greatest length of a report's file, in bytes (`payment-links.md` § 5).
pub const REPORT_MAX_BYTES: u64 = 50 * 1024 * 1024;

/// PayPlug's id of an accounting report, `ar_…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportId(String);

impl ReportId {
    /// Accepts the documented shape only: the prefix and 1 … 60 letters or digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("ar_")?;
        let valid =
            (1..=60).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
        valid.then(|| Self(text.to_owned()))
    }

    /// The id as PayPlug writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a report's file is for a day. Whoever knows the address may read the file, so that only
/// its host is printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ReportUrl(Url);

impl ReportUrl {
    /// Accepts `https`, or literal loopback where the API is there too.
    ///
    /// # Errors
    /// [`Error::Address`].
    pub fn accept(url: &str, nature: UrlPolicy) -> Result<Self, Error> {
        address::accept_report_url(url, nature).map(Self)
    }
}

impl fmt::Debug for ReportUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "ReportUrl({}…)",
            self.0.host_str().unwrap_or_default()
        )
    }
}

/// An accounting report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// Made with a Live key.
    pub is_live: bool,
    /// First day, in UTC.
    pub from: Date,
    /// Last day, in UTC, included.
    pub to: Date,
    /// Where its file is, once it is ready.
    pub url: Option<ReportUrl>,
    /// Until when the file is there.
    pub available_until: Option<Timestamp>,
}

impl Client {
    /// Asks for a report of the movements of these days, both included, in UTC.
    ///
    /// # Errors
    /// Any; asking twice does no harm.
    pub async fn request_report(&self, from: Date, to: Date) -> Result<Report, Error> {
        let body = json!({ "start_date": from.to_string(), "end_date": to.to_string() });
        let call = Call::change(Method::POST, &["accounting_reports"], Some(body));
        self.read_report(&self.transport.call(call).await?, true)
    }

    /// Reads a report: it is ready once it has an address.
    ///
    /// # Errors
    /// Any but the ambiguous ones.
    pub async fn report(&self, id: &ReportId) -> Result<Report, Error> {
        let segments = ["accounting_reports", id.as_str()];
        let object = self.transport.call(Call::read(&segments)).await?;
        let report = self.read_report(&object, false)?;
        if report.id == *id {
            Ok(report)
        } else {
            Err(not_understood("id", false))
        }
    }

    fn read_report(&self, object: &Map<String, Value>, changes: bool) -> Result<Report, Error> {
        convert::report(object, self.transport.policy())
            .map_err(|field| not_understood(field, changes))
    }

    /// Downloads a report's file as it comes, without the key, and returns its length in bytes.
    /// What was written before an error is worth nothing.
    ///
    /// # Errors
    /// [`Error::TooLarge`] above [`REPORT_MAX_BYTES`], [`Error::Sink`] when it cannot be written,
    /// and those of any read.
    pub async fn download(
        &self,
        url: &ReportUrl,
        sink: &mut (dyn Write + Send),
    ) -> Result<u64, Error> {
        // The address may come from elsewhere than `report`: it must fit this client.
        let url = address::accept_report_url(url.0.as_str(), self.transport.policy())?;
        let mut response = self.transport.file(url).await?;
        if response
            .content_length()
            .is_some_and(|length| length > REPORT_MAX_BYTES)
        {
            return Err(Error::TooLarge);
        }
        let mut length = 0_u64;
        while let Some(chunk) = response.chunk().await.map_err(|_| Error::Unreachable)? {
            length += chunk.len() as u64;
            if length > REPORT_MAX_BYTES {
                return Err(Error::TooLarge);
            }
            sink.write_all(&chunk)
                .map_err(|error| Error::Sink(error.kind()))?;
        }
        sink.flush().map_err(|error| Error::Sink(error.kind()))?;
        Ok(length)
    }
}
