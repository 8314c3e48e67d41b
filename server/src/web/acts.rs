//! What a user of the office does on a page: one transaction in the writer, their number on the
//! entries, their name in the list of acts; then the view has caught up.

use crate::app::App;
use crate::deed::Deed;
use crate::office::OfficeError;
use crate::office::acting::Role;
use crate::rng;

impl App {
    /// One act of a user whose role is one of these.
    ///
    /// # Errors
    /// [`crate::office::error::CommandError::MayNot`], what the act answers, or the log's error;
    /// nothing was done.
    pub async fn act_as<T: Send + 'static>(
        &self,
        by: &str,
        may: &'static [Role],
        act: impl FnOnce(&mut Deed<'_>) -> Result<T, OfficeError> + Send + 'static,
    ) -> Result<T, OfficeError> {
        let (by, now_ms) = (by.to_owned(), self.now_ms());
        let done = self.writer().run(move |office, tx| {
            let acting = office.acting(tx, &by, may, now_ms)?;
            let mut rng = rng::system();
            act(&mut Deed { office, tx, acting, now_ms, rng: &mut rng })
        });
        let done = done.await?;
        self.shown().await?;
        Ok(done)
    }

    /// Waits until the view shows everything that was written before, for a short while.
    ///
    /// # Errors
    /// The log's error.
    pub async fn shown(&self) -> Result<(), OfficeError> {
        let last = self.read(|reads| Ok(crate::office::county(reads)?.last_number))?;
        self.readers().caught_up(last).await;
        Ok(())
    }
}
