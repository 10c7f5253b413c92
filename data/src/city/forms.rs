//! Outlines of buildings: bars, wings and steps.

/// The outline of a building within its plot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Bar,
    /// A bar with a wing at one end, back from the street.
    Ell,
    /// A bar with two wings.
    Yu,
    /// A bar in which every second section stands back a little.
    Stepped,
}

/// The corners of a form in its plot, anticlockwise, as (along, across) shares of the half sizes.
pub(crate) fn corners(form: Form, units: u32) -> Vec<(f64, f64)> {
    match form {
        Form::Bar => vec![(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)],
        Form::Ell => {
            vec![(-1.0, -1.0), (1.0, -1.0), (1.0, 0.0), (-0.3, 0.0), (-0.3, 1.0), (-1.0, 1.0)]
        }
        Form::Yu => vec![
            (-1.0, -1.0),
            (1.0, -1.0),
            (1.0, 1.0),
            (0.5, 1.0),
            (0.5, 0.0),
            (-0.5, 0.0),
            (-0.5, 1.0),
            (-1.0, 1.0),
        ],
        Form::Stepped => stepped(units.max(2)),
    }
}

fn stepped(units: u32) -> Vec<(f64, f64)> {
    let edge = |i: u32| f64::from(i) / f64::from(units) * 2.0 - 1.0;
    let back = |i: u32| if i.is_multiple_of(2) { 0.0 } else { 0.16 };
    let mut south = Vec::new();
    let mut north = Vec::new();
    for i in 0..units {
        south.extend([(edge(i), -1.0 + back(i)), (edge(i + 1), -1.0 + back(i))]);
        north.extend([(edge(i), 0.84 + back(i)), (edge(i + 1), 0.84 + back(i))]);
    }
    north.reverse();
    south.extend(north);
    south.dedup();
    south
}

/// Where people live in a form: the middle across and half the depth there, as shares of the half depth.
pub(crate) fn main_bar(form: Form) -> (f64, f64) {
    match form {
        Form::Bar => (0.0, 0.8),
        Form::Ell | Form::Yu => (-0.5, 0.4),
        Form::Stepped => (0.0, 0.7),
    }
}
