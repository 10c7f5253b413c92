mod agreement;
mod city;
mod files;
mod patches;
