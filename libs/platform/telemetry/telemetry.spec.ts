import { instruments, observeProcess, renderPrometheus } from '.';

describe('renderPrometheus', () => {
  it('prints what was counted, measured and set, with help and type', async () => {
    instruments.commands.add(2, { outcome: 'ok' });
    instruments.commands.add(1, { outcome: 'insufficient_funds' });
    instruments.appendSeconds.record(0.004);
    instruments.projectionLagEvents.record(7, { projection: 'balances' });
    const text = await renderPrometheus();
    expect(text).toContain('# TYPE ledger_commands_total counter');
    expect(text).toContain('ledger_commands_total{outcome="ok"} 2');
    expect(text).toContain('ledger_commands_total{outcome="insufficient_funds"} 1');
    expect(text).toContain('ledger_append_duration_seconds_bucket{le="0.005"} 1');
    expect(text).toContain('ledger_projection_lag_events{projection="balances"} 7');
  });

  it('prints the process too once it is observed', async () => {
    observeProcess();
    const text = await renderPrometheus();
    expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
    expect(text).toMatch(/^process_cpu_seconds_total [\d.]+/m);
  });
});
