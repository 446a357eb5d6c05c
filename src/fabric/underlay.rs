//! Which nodes share a link.
use super::device::Device;
use std::marker::PhantomData;

/// Placeholder.
pub struct Underlay<'m> {
    marker: PhantomData<&'m ()>,
}

impl<'m> Underlay<'m> {
    /// Placeholder.
    pub fn new(_devices: &[Device<'m>]) -> Self {
        Self { marker: PhantomData }
    }
}
