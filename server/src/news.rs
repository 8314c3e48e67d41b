//! What a page may have missed since it was made: how far the view shows, and the exceptions that
//! are derived behind it.

use tokio::sync::watch;

use crate::app::App;
use crate::exceptions::Derived;
use crate::view::Shown;

/// Listens to both.
#[derive(Debug)]
pub(crate) struct News {
    shown: watch::Receiver<Shown>,
    derived: watch::Receiver<Derived>,
}

impl News {
    /// A listener; none without a follower of the view.
    pub(crate) fn of(app: &App) -> Option<News> {
        Some(News { shown: app.readers().shown()?, derived: app.boards().derived() })
    }

    /// What stands, as a text that another state does not have.
    pub(crate) fn text(&self) -> String {
        let Shown { generation, number, .. } = *self.shown.borrow();
        let derived = *self.derived.borrow();
        format!("{generation}.{number}.{}.{}", derived.number, derived.today.days())
    }

    /// Waits for a change; none once the server stops.
    pub(crate) async fn changed(&mut self) -> Option<()> {
        tokio::select! {
            biased;
            changed = self.shown.changed() => changed.ok()?,
            changed = self.derived.changed() => changed.ok()?,
        }
        (!self.shown.borrow().stopping).then_some(())
    }
}
