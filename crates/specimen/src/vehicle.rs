//! An invented vehicle.
