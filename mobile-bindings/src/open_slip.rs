//! The slip that is being filled in (收购): every edit is kept by the core before it answers, so a
//! process that dies loses nothing. Each edit answers the whole slip as it then stands.

use courtyard_core::desk::SlipDraft;
use courtyard_core::domain::check::Place as DomainPlace;
use courtyard_core::domain::slip::{Deduction as DomainDeduction, Weighing};
use courtyard_core::domain::{Grams, LiPerKg, PersonNo, ProductNo};
use courtyard_core::steward::{Bought as Saved, Steward, StewardError};

use crate::courtyard::Courtyard;
use crate::error::CourtyardError;
use crate::growers::grower_id;
use crate::products::grade;
use crate::words::findings;

mod shown;

use shown::shown;
pub use shown::{
    Bought, Deduction, OpenLine, OpenSlip, OpenWeighing, Segment, TriedWeighing, WeighingState,
};

fn none_open() -> CourtyardError {
    StewardError::Unknown { what: "未完成的单 an open slip".to_owned() }.into()
}

/// A number that came back from a screen as the draft counts.
fn at(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn weighed(gross_g: i64, tare_g: i64) -> Weighing {
    Weighing { gross: Grams::new(gross_g), tare: Grams::new(tare_g) }
}

impl Courtyard {
    /// Changes the open slip, keeps it, and answers how it then stands.
    fn edit(
        &self,
        change: impl FnOnce(&Steward, &mut SlipDraft) -> Result<(), CourtyardError>,
    ) -> Result<OpenSlip, CourtyardError> {
        let mut steward = self.steward();
        let mut draft = steward.open_slip()?.ok_or_else(none_open)?;
        change(&steward, &mut draft)?;
        steward.keep_open_slip(&draft)?;
        shown(&steward, &draft)
    }
}

#[uniffi::export]
impl Courtyard {
    /// The slip that is open, if there is one: after a process that died, too.
    ///
    /// # Errors
    /// [`CourtyardError::Store`]; a slip of another version stays until it is discarded.
    pub fn open_slip(&self) -> Result<Option<OpenSlip>, CourtyardError> {
        let steward = self.steward();
        steward.open_slip()?.map(|draft| shown(&steward, &draft)).transpose()
    }

    /// Begins a slip for a grower, dated today. The one that is open is to be saved or discarded
    /// before.
    ///
    /// # Errors
    /// [`CourtyardError::Problem`] if another slip is open, [`CourtyardError::Enrolment`] if this
    /// phone may begin none, [`CourtyardError::Typed`] for an unknown grower.
    pub fn begin_slip(&self, grower: String) -> Result<OpenSlip, CourtyardError> {
        let mut steward = self.steward();
        if steward.has_open_slip()? {
            return Err(CourtyardError::Problem {
                code: "open_slip.another".to_owned(),
                reason_zh: "还有一张单没有保存。请先保存或放弃它。".to_owned(),
                reason_en: "Another slip is still open. Save it or discard it first.".to_owned(),
            });
        }
        let grower = grower_id(&grower)?;
        steward.must_know(grower)?;
        let draft = SlipDraft::new(steward.visit(grower, None)?);
        steward.keep_open_slip(&draft)?;
        shown(&steward, &draft)
    }

    /// Adds a line.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`] for no product or grade, or none is open.
    pub fn add_line(&self, product: u32, grade: String) -> Result<OpenSlip, CourtyardError> {
        let grade = self::grade(&grade)?;
        self.edit(|_, draft| {
            draft.add_line(ProductNo::new(product), grade);
            Ok(())
        })
    }

    /// Gives a line another product or grade; its weighings stay.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn change_line(
        &self,
        line: u32,
        product: u32,
        grade: String,
    ) -> Result<OpenSlip, CourtyardError> {
        let grade = self::grade(&grade)?;
        self.edit(|_, draft| Ok(draft.change_line(at(line), ProductNo::new(product), grade)?))
    }

    /// Takes a line off the slip.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn remove_line(&self, line: u32) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| Ok(draft.remove_line(at(line))?))
    }

    /// What a weighing would be, in place of another one or beside them; nothing of it is kept.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    #[uniffi::method(default(replacing = None))]
    pub fn try_weighing(
        &self,
        line: u32,
        gross_g: i64,
        tare_g: i64,
        replacing: Option<u32>,
    ) -> Result<TriedWeighing, CourtyardError> {
        let steward = self.steward();
        let mut draft = steward.open_slip()?.ok_or_else(none_open)?;
        let tried = weighed(gross_g, tare_g);
        let weighing = match replacing {
            Some(other) => draft.replace_weighing(at(line), at(other), tried)?,
            None => draft.weigh(at(line), tried)?,
        };
        let mut review = steward.review_slip(&draft)?;
        let place = DomainPlace::Weighing { line: at(line), weighing };
        review.problems.retain(|found| found.place == place);
        review.warnings.retain(|found| found.place == place);
        Ok(TriedWeighing {
            net_g: tried.net()?.get(),
            problems: findings(review.problems),
            warnings: findings(review.warnings),
        })
    }

    /// Adds a weighing. A tare that is not below the gross is taken and comes back as a problem.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn weigh(&self, line: u32, gross_g: i64, tare_g: i64) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| {
            draft.weigh(at(line), weighed(gross_g, tare_g))?;
            Ok(())
        })
    }

    /// Weighs again: the other weighing stays visible and no longer counts.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn replace_weighing(
        &self,
        line: u32,
        weighing: u32,
        gross_g: i64,
        tare_g: i64,
    ) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| {
            draft.replace_weighing(at(line), at(weighing), weighed(gross_g, tare_g))?;
            Ok(())
        })
    }

    /// Takes a weighing back; it stays visible.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn remove_weighing(&self, line: u32, weighing: u32) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| Ok(draft.remove_weighing(at(line), at(weighing))?))
    }

    /// Takes something off a line: `2%:泥`, `0.3` or `0.3kg:水`, `0.6斤`.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`] in plain words.
    pub fn deduct(&self, line: u32, text: String) -> Result<OpenSlip, CourtyardError> {
        let deduction: DomainDeduction = text.parse()?;
        self.edit(|_, draft| {
            draft.deduct(at(line), deduction)?;
            Ok(())
        })
    }

    /// Takes a deduction back.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn remove_deduction(&self, line: u32, deduction: u32) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| Ok(draft.remove_deduction(at(line), at(deduction))?))
    }

    /// States a price that was agreed at the scale, or the list's again.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn state_price(
        &self,
        line: u32,
        price_li_per_kg: Option<i64>,
    ) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| Ok(draft.state_price(at(line), price_li_per_kg.map(LiPerKg::new))?))
    }

    /// Leaves a line's price to be fixed later (待定价), or no longer.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`].
    pub fn set_pending(&self, line: u32, pending: bool) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| Ok(draft.set_pending(at(line), pending)?))
    }

    /// Gives the slip another business date, such as `2026-07-01`: where the phone's clock is wrong.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`] for no date.
    pub fn set_date(&self, date: String) -> Result<OpenSlip, CourtyardError> {
        let date = crate::today::day(&date)?;
        self.edit(|steward, draft| {
            draft.set_visit(steward.visit(draft.visit().grower, Some(date))?);
            Ok(())
        })
    }

    /// Says who sells and who brought it, of the household's persons (0 is its head), and the number
    /// of the certificate of this delivery.
    ///
    /// # Errors
    /// [`CourtyardError::Typed`] if none is open. Persons whom the register lacks are refused at the
    /// save.
    pub fn set_details(
        &self,
        seller: u16,
        deliverer: u16,
        certificate: Option<String>,
    ) -> Result<OpenSlip, CourtyardError> {
        self.edit(|_, draft| {
            let mut details = draft.details().clone();
            (details.seller, details.deliverer) = (PersonNo::new(seller), PersonNo::new(deliverer));
            details.certificate = certificate
                .map(|number| number.trim().to_owned())
                .filter(|number| !number.is_empty());
            draft.set_details(details);
            Ok(())
        })
    }

    /// Saves the open slip. It is on disk when this answers, and only then to be shown.
    ///
    /// # Errors
    /// [`CourtyardError::Problem`] with what cannot be saved; the open slip stays.
    pub fn save_open_slip(&self) -> Result<Bought, CourtyardError> {
        let mut steward = self.steward();
        let draft = steward.open_slip()?.ok_or_else(none_open)?;
        let saved = steward.finish_open_slip(&draft)?;
        let Saved { id, net, settlement, amount, estimate, warnings, clock_in_doubt } = saved;
        Ok(Bought {
            id: id.to_string(),
            net_g: net.get(),
            settlement_g: settlement.get(),
            amount_fen: amount.get(),
            estimate_fen: estimate.get(),
            warnings: findings(warnings),
            clock_in_doubt,
        })
    }

    /// Gives the open slip up; answers what [`restore_open_slip`](Self::restore_open_slip) takes.
    ///
    /// # Errors
    /// [`CourtyardError::Store`].
    pub fn discard_open_slip(&self) -> Result<Option<Vec<u8>>, CourtyardError> {
        let mut steward = self.steward();
        let kept = match steward.open_slip() {
            Ok(draft) => draft.map(|draft| draft.kept().to_bytes()),
            // Of another version: it can be given up and not taken back.
            Err(StewardError::Unreadable) => None,
            Err(error) => return Err(error.into()),
        };
        steward.discard_open_slip()?;
        Ok(kept)
    }

    /// Opens a slip again that was given up.
    ///
    /// # Errors
    /// [`CourtyardError::Store`] if it cannot be read.
    pub fn restore_open_slip(&self, kept: Vec<u8>) -> Result<OpenSlip, CourtyardError> {
        let mut steward = self.steward();
        let kept = courtyard_core::desk::KeptDraft::from_bytes(&kept);
        let kept = kept.ok_or(StewardError::Unreadable)?;
        let visit = steward.visit(kept.grower, Some(kept.date))?;
        let draft = kept.open(visit);
        steward.keep_open_slip(&draft)?;
        shown(&steward, &draft)
    }
}
