// The schemas that have a name in the contract. Routes refer to them by `$id`.
import type { ResolvedApiConfig } from '../api-config.ts'
import type { ApiInstance } from '../api-instance.ts'
import { ExplanationSchema } from './explanation-schema.ts'
import {
  AddressPage,
  AsnPage,
  CountryPage,
  DayStatisticsPage,
  DayStatisticsSchema,
  NameServerPage,
  NetworkNewAddressesPage,
  NewAddressesPage,
  NewAddressesSchema,
  PrefixPage,
  RecordChangePage,
  RecordChangeSchema,
  SeenRecordPage,
  SeenRecordSchema,
} from './history-schema.ts'
import { NetworkDetail, NetworkMemberSchema, NetworkPage, NetworkSchema } from './network-schema.ts'
import {
  AuthorityServerSchema,
  ExtendedErrorSchema,
  ObservationPage,
  ObservationSchema,
  ResourceRecordSchema,
} from './observation-schema.ts'
import { ErrorDetailSchema, ProblemSchema } from './problem-schema.ts'
import {
  RefangedDomain,
  RejectedDomain,
  ScanAccepted,
  scanRequest,
  ScanSchema,
  WebhookRequest,
} from './scan-schema.ts'
import { IndexSchema, LivenessSchema, ReadinessSchema } from './service-schema.ts'
import { VerdictPage, VerdictSchema } from './verdict-schema.ts'
import { DeliveryPage, DeliverySchema, WebhookCreated, WebhookPage, WebhookSchema } from './webhook-schema.ts'

export function addSharedSchemas(app: ApiInstance, config: ResolvedApiConfig): void {
  const schemas = [
    WebhookRequest,
    scanRequest(config.maxDomainsPerScan),
    RejectedDomain,
    RefangedDomain,
    ScanAccepted,
    ScanSchema,
    ExplanationSchema,
    VerdictSchema,
    VerdictPage,
    ResourceRecordSchema,
    ExtendedErrorSchema,
    AuthorityServerSchema,
    ObservationSchema,
    ObservationPage,
    SeenRecordSchema,
    SeenRecordPage,
    RecordChangeSchema,
    RecordChangePage,
    NewAddressesSchema,
    NewAddressesPage,
    NetworkNewAddressesPage,
    AddressPage,
    PrefixPage,
    AsnPage,
    CountryPage,
    NameServerPage,
    DayStatisticsSchema,
    DayStatisticsPage,
    NetworkSchema,
    NetworkPage,
    NetworkMemberSchema,
    NetworkDetail,
    WebhookSchema,
    WebhookCreated,
    WebhookPage,
    DeliverySchema,
    DeliveryPage,
    LivenessSchema,
    ReadinessSchema,
    IndexSchema,
    ErrorDetailSchema,
    ProblemSchema,
  ]
  for (const schema of schemas) app.addSchema(schema)
}
