/** A worker for the pool's test: does as it is told, for better or worse. */
process.on('message', ({ order }: { order: string }) => {
  if (order === 'die') process.exit(3);
  if (order === 'fail') process.send?.({ error: 'it cannot be done' });
  if (order === 'work') process.send?.({ result: 'done' });
});
