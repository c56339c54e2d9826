//! What slices remember of a world in memory, one value of each type: shared by whoever
//! holds the world, and gone with the process. What must outlive it is in tables.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::world::World;

#[derive(Default)]
pub(crate) struct Memo(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl World {
    /// The value of this type, made by whoever asks for it first.
    pub fn memo<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut values = self.memos().0.lock().unwrap_or_else(PoisonError::into_inner);
        let value = values.entry(TypeId::of::<T>()).or_insert_with(|| Arc::<T>::default());
        Arc::clone(value).downcast().expect("a value stands under its own type")
    }
}
