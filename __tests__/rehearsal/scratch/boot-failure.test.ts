import { expect, test } from 'vitest';
import { bootFailure } from '../../../src/rehearsal/scratch/boot-failure.js';

// As OTP 25 and 27 print it.
test.each([
  [
    `Kernel pid terminated (application_controller) ({application_start_failure,proxy,{bad_return,{{proxy_app,start,[normal,[]]},{'EXIT',{{badmatch,{error,{shutdown,{failed_to_start_child,proxy_config,{ip_lookup_failed,[{proxy_config,update_ip,1,[{f`,
    'the application proxy does not start: its child proxy_config failed with ip_lookup_failed',
  ],
  [
    "{application_start_failure,shop,{{shutdown,{failed_to_start_child,shop_sup,{shutdown,{failed_to_start_child,'db_pool',econnrefused}}}},{shop_app,start,[normal,[]]}}}",
    'the application shop does not start: its child db_pool failed with econnrefused',
  ],
  [
    "{application_start_failure,shop,{{shutdown,{failed_to_start_child,shop_port,{'EXIT',{{badmatch,{error,eaddrinuse}},[{shop_port,init,1,[]}]}}}},{shop_app,start,[normal,[]]}}}",
    'the application shop does not start: its child shop_port failed with eaddrinuse',
  ],
  [
    '{"Kernel pid terminated",application_controller,"{application_start_failure,shop,{bad_return,{{shop_app,start,[normal,[]]},no}}}"}',
    'the application shop does not start',
  ],
  ['Runtime terminating during boot ({load_failed,[foo]})', 'the boot ended with load_failed,[foo]'],
  ['Exec: /opt/erts/bin/erlexec\nall is well', undefined],
])('%s', (output, why) => {
  expect(bootFailure(output.split('\n'))).toBe(why);
});
