//! Which rows were taken in this query, without anything to clear between queries.

/// A mark for each row.
#[derive(Debug, Default)]
pub(super) struct Stamps {
    taken: Vec<u32>,
    query: u32,
}

impl Stamps {
    /// Forgets all marks; from now on there are so many rows.
    pub(super) fn begin(&mut self, rows: usize) {
        if self.taken.len() < rows {
            self.taken.resize(rows, 0);
        }
        self.query = self.query.wrapping_add(1);
        if self.query == 0 {
            self.taken.fill(0);
            self.query = 1;
        }
    }

    /// Marks a row; whether it exists and was not marked before.
    #[inline]
    pub(super) fn take(&mut self, row: u32) -> bool {
        match self.taken.get_mut(row as usize) {
            Some(taken) if *taken != self.query => {
                *taken = self.query;
                true
            }
            _ => false,
        }
    }
}
