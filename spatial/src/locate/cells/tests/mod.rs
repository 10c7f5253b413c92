mod agreement;
mod files;
mod patches;
