use super::Event;
use std::fmt;
use std::sync::Arc;

/// Whom to tell of events, if anybody.
#[derive(Clone, Default)]
pub(super) struct Observer(Option<Arc<Observe>>);

type Observe = dyn Fn(&Event) + Send + Sync;

impl Observer {
    pub(super) fn new(observe: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        Observer(Some(Arc::new(observe)))
    }

    /// The event is made only if somebody listens.
    pub(super) fn tell(&self, event: impl FnOnce() -> Event) {
        if let Some(observe) = &self.0 {
            observe(&event());
        }
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Observer" } else { "no observer" })
    }
}
