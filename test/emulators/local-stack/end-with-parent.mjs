// Preloaded into a part that isn't ours: it ends with the process that started it, however that one ends.
process.on('disconnect', () => process.exit(0));
