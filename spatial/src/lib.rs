//! Where things are: pure functions over coordinates, borders and places.
