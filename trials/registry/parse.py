"""One API v2 record in, one `Study` out. Owns the knowledge of where the registry keeps what; knows nothing of HTTP, files or tables.

Rules
- Any module or key may be missing or null: its field is then empty (see `records`).
- An object or list of the wrong JSON type makes the whole record unreadable: `BadRecord`, whose reason names the path.
- A single value that cannot be read (a date that no calendar has, a number where text belongs) leaves its field empty, and a code outside
  the registry's published enums is kept as it is; both are reported in `Study.unknown_values`.
- Text is cleaned by `normalise.text` and never reworded. Order and repeats are the registry's; conditions and keywords lose exact repeats.

Field map: the path in the record, and the field of `Study` (or of the record type that the field holds) where it goes. Paths begin in
`protocolSection` unless they start with another section; `[]` is any place in a list.

    identificationModule.nctId                                          nct_id
    identificationModule.nctIdAliases[]                                 nct_id_aliases
    identificationModule.orgStudyIdInfo.id                              org_study_id
    identificationModule.secondaryIdInfos[].id                          secondary_ids: id
    identificationModule.secondaryIdInfos[].type                        secondary_ids: type
    identificationModule.secondaryIdInfos[].domain                      secondary_ids: domain
    identificationModule.secondaryIdInfos[].link                        secondary_ids: link
    identificationModule.briefTitle                                     brief_title
    identificationModule.officialTitle                                  official_title
    identificationModule.acronym                                        acronym
    identificationModule.organization.fullName                          organization: name
    identificationModule.organization.class                             organization: sponsor_class
    statusModule.overallStatus                                          overall_status
    statusModule.lastKnownStatus                                        last_known_status
    statusModule.whyStopped                                             why_stopped
    statusModule.statusVerifiedDate                                     status_verified
    statusModule.expandedAccessInfo.hasExpandedAccess                   has_expanded_access
    statusModule.expandedAccessInfo.nctId                               expanded_access_nct_id
    statusModule.expandedAccessInfo.statusForNctId                      expanded_access_status
    statusModule.startDateStruct.date                                   start: date
    statusModule.startDateStruct.type                                   start: kind
    statusModule.primaryCompletionDateStruct.date                       primary_completion: date
    statusModule.primaryCompletionDateStruct.type                       primary_completion: kind
    statusModule.completionDateStruct.date                              completion: date
    statusModule.completionDateStruct.type                              completion: kind
    statusModule.studyFirstSubmitDate                                   first_submitted
    statusModule.studyFirstPostDateStruct.date                          first_posted
    statusModule.resultsFirstPostDateStruct.date                        results_first_posted
    statusModule.lastUpdateSubmitDate                                   last_update_submitted
    statusModule.lastUpdatePostDateStruct.date                          last_update_posted
    sponsorCollaboratorsModule.leadSponsor.name                         lead_sponsor: name
    sponsorCollaboratorsModule.leadSponsor.class                        lead_sponsor: sponsor_class
    sponsorCollaboratorsModule.collaborators[].name                     collaborators: name
    sponsorCollaboratorsModule.collaborators[].class                    collaborators: sponsor_class
    sponsorCollaboratorsModule.responsibleParty.type                    responsible_party_type
    sponsorCollaboratorsModule.responsibleParty.investigatorFullName    responsible_party_name
    sponsorCollaboratorsModule.responsibleParty.investigatorTitle       responsible_party_title
    sponsorCollaboratorsModule.responsibleParty.investigatorAffiliation responsible_party_affiliation
    sponsorCollaboratorsModule.responsibleParty.oldNameTitle            responsible_party_name, where no investigator is named
    sponsorCollaboratorsModule.responsibleParty.oldOrganization         responsible_party_affiliation, likewise
    oversightModule.oversightHasDmc                                     has_dmc
    oversightModule.isFdaRegulatedDrug                                  is_fda_regulated_drug
    oversightModule.isFdaRegulatedDevice                                is_fda_regulated_device
    descriptionModule.briefSummary                                      brief_summary
    descriptionModule.detailedDescription                               detailed_description
    conditionsModule.conditions[]                                       conditions
    conditionsModule.keywords[]                                         keywords
    designModule.studyType                                              study_type
    designModule.expandedAccessTypes.individual                         expanded_access_types
    designModule.expandedAccessTypes.intermediate                       expanded_access_types
    designModule.expandedAccessTypes.treatment                          expanded_access_types
    designModule.patientRegistry                                        is_patient_registry
    designModule.targetDuration                                         target_duration
    designModule.phases[]                                               phases
    designModule.designInfo.allocation                                  allocation
    designModule.designInfo.interventionModel                           intervention_model
    designModule.designInfo.interventionModelDescription                intervention_model_description
    designModule.designInfo.primaryPurpose                              primary_purpose
    designModule.designInfo.observationalModel                          observational_model
    designModule.designInfo.timePerspective                             time_perspective
    designModule.designInfo.maskingInfo.masking                         masking
    designModule.designInfo.maskingInfo.maskingDescription              masking_description
    designModule.designInfo.maskingInfo.whoMasked[]                     who_masked
    designModule.bioSpec.retention                                      bio_spec_retention
    designModule.bioSpec.description                                    bio_spec_description
    designModule.enrollmentInfo.count                                   enrollment
    designModule.enrollmentInfo.type                                    enrollment_kind
    armsInterventionsModule.armGroups[].label                           arms: label
    armsInterventionsModule.armGroups[].type                            arms: type
    armsInterventionsModule.armGroups[].description                     arms: description
    armsInterventionsModule.armGroups[].interventionNames[]             arms: intervention_names
    armsInterventionsModule.interventions[].name                        interventions: name
    armsInterventionsModule.interventions[].type                        interventions: type
    armsInterventionsModule.interventions[].description                 interventions: description
    armsInterventionsModule.interventions[].otherNames[]                interventions: other_names
    armsInterventionsModule.interventions[].armGroupLabels[]            interventions: arm_labels
    outcomesModule.primaryOutcomes[].measure                            outcomes: measure, kind primary
    outcomesModule.primaryOutcomes[].description                        outcomes: description
    outcomesModule.primaryOutcomes[].timeFrame                          outcomes: time_frame
    outcomesModule.secondaryOutcomes[].measure                          outcomes: measure, kind secondary
    outcomesModule.secondaryOutcomes[].description                      outcomes: description
    outcomesModule.secondaryOutcomes[].timeFrame                        outcomes: time_frame
    outcomesModule.otherOutcomes[].measure                              outcomes: measure, kind other
    outcomesModule.otherOutcomes[].description                          outcomes: description
    outcomesModule.otherOutcomes[].timeFrame                            outcomes: time_frame
    eligibilityModule.eligibilityCriteria                               eligibility_criteria
    eligibilityModule.sex                                               sex
    eligibilityModule.genderBased                                       gender_based
    eligibilityModule.genderDescription                                 gender_description
    eligibilityModule.minimumAge                                        minimum_age, minimum_age_years
    eligibilityModule.maximumAge                                        maximum_age, maximum_age_years
    eligibilityModule.stdAges[]                                         std_ages
    eligibilityModule.healthyVolunteers                                 healthy_volunteers
    eligibilityModule.studyPopulation                                   study_population
    eligibilityModule.samplingMethod                                    sampling_method
    contactsLocationsModule.centralContacts[].name                      central_contacts: name
    contactsLocationsModule.centralContacts[].role                      central_contacts: role
    contactsLocationsModule.centralContacts[].phone                     central_contacts: phone
    contactsLocationsModule.centralContacts[].phoneExt                  central_contacts: phone_ext
    contactsLocationsModule.centralContacts[].email                     central_contacts: email
    contactsLocationsModule.overallOfficials[].name                     officials: name
    contactsLocationsModule.overallOfficials[].role                     officials: role
    contactsLocationsModule.overallOfficials[].affiliation              officials: affiliation
    contactsLocationsModule.locations[].facility                        sites: facility
    contactsLocationsModule.locations[].status                          sites: status
    contactsLocationsModule.locations[].city                            sites: city
    contactsLocationsModule.locations[].state                           sites: state
    contactsLocationsModule.locations[].zip                             sites: zip
    contactsLocationsModule.locations[].country                         sites: country
    contactsLocationsModule.locations[].geoPoint.lat                    sites: latitude
    contactsLocationsModule.locations[].geoPoint.lon                    sites: longitude
    contactsLocationsModule.locations[].contacts[].name                 sites: contacts: name
    contactsLocationsModule.locations[].contacts[].role                 sites: contacts: role
    contactsLocationsModule.locations[].contacts[].phone                sites: contacts: phone
    contactsLocationsModule.locations[].contacts[].phoneExt             sites: contacts: phone_ext
    contactsLocationsModule.locations[].contacts[].email                sites: contacts: email
    referencesModule.references[].pmid                                  references: pmid
    referencesModule.references[].type                                  references: type
    referencesModule.references[].citation                              references: citation
    referencesModule.references[].retractions[].pmid                    references: retractions: pmid
    referencesModule.references[].retractions[].source                  references: retractions: source
    referencesModule.seeAlsoLinks[].label                               links: label
    referencesModule.seeAlsoLinks[].url                                 links: url
    referencesModule.availIpds[].id                                     available_ipd: id
    referencesModule.availIpds[].type                                   available_ipd: type
    referencesModule.availIpds[].url                                    available_ipd: url
    referencesModule.availIpds[].comment                                available_ipd: comment
    ipdSharingStatementModule.ipdSharing                                ipd_sharing
    ipdSharingStatementModule.description                               ipd_sharing_description
    ipdSharingStatementModule.infoTypes[]                               ipd_sharing_info_types
    ipdSharingStatementModule.timeFrame                                 ipd_sharing_time_frame
    ipdSharingStatementModule.accessCriteria                            ipd_sharing_access_criteria
    ipdSharingStatementModule.url                                       ipd_sharing_url
    derivedSection.miscInfoModule.removedCountries[]                    removed_countries
    derivedSection.conditionBrowseModule.meshes[].id                    condition_meshes: id
    derivedSection.conditionBrowseModule.meshes[].term                  condition_meshes: term
    derivedSection.interventionBrowseModule.meshes[].id                 intervention_meshes: id
    derivedSection.interventionBrowseModule.meshes[].term               intervention_meshes: term
    documentSection.largeDocumentModule.largeDocs[].label               documents: label
    documentSection.largeDocumentModule.largeDocs[].filename            documents: filename
    documentSection.largeDocumentModule.largeDocs[].date                documents: date
    documentSection.largeDocumentModule.largeDocs[].size                documents: size
    hasResults                                                          has_results

Deliberately not read, with all that lies below each path:

    identificationModule.orgStudyIdInfo.type            which US agency gave the sponsor's own number; the number says enough
    identificationModule.orgStudyIdInfo.link            likewise
    statusModule.delayedPosting                         concerns the publication of a device study's record, not the study
    statusModule.studyFirstSubmitQcDate                 steps of the registry's own review; submission and posting are read
    statusModule.resultsFirstSubmitDate                 likewise; what readers ask is when results were posted
    statusModule.resultsFirstSubmitQcDate               likewise
    statusModule.resultsWaived                          a legal matter between sponsor and registry
    statusModule.dispFirstSubmitDate                    likewise: a request to delay results
    statusModule.dispFirstSubmitQcDate                  likewise
    statusModule.dispFirstPostDateStruct                likewise
    statusModule.studyFirstPostDateStruct.type          whether the registry estimated its own posting day: off by days at most
    statusModule.resultsFirstPostDateStruct.type        likewise
    statusModule.lastUpdatePostDateStruct.type          likewise
    oversightModule.isUnapprovedDevice                  details of US device law that change nothing for a reader
    oversightModule.isPpsd                              likewise
    oversightModule.isUsExport                          likewise
    oversightModule.fdaaa801Violation                   likewise
    designModule.nPtrsToThisExpAccNctId                 a count of links to this record, made by the registry
    armsInterventionsModule.interventions[].interventionMappedName  not in the published contract
    armsInterventionsModule.interventions[].armNames    not in the published contract
    contactsLocationsModule.locations_nested            not in the published contract; repeats locations
    derivedSection.miscInfoModule.versionHolder         the day of the data release, the same in every record
    derivedSection.miscInfoModule.modelPredictions      not in the published contract; guesses of a model
    derivedSection.miscInfoModule.submissionTracking    the registry's review of results before they are posted
    derivedSection.conditionBrowseModule.ancestors      follow from the MeSH terms
    derivedSection.conditionBrowseModule.browseLeaves   likewise
    derivedSection.conditionBrowseModule.browseBranches likewise
    derivedSection.interventionBrowseModule.ancestors   likewise
    derivedSection.interventionBrowseModule.browseLeaves    likewise
    derivedSection.interventionBrowseModule.browseBranches  likewise
    documentSection.largeDocumentModule.noSap           says only that a document is not there
    documentSection.largeDocumentModule.largeDocs[].typeAbbrev  the label says it in words
    documentSection.largeDocumentModule.largeDocs[].hasProtocol likewise
    documentSection.largeDocumentModule.largeDocs[].hasSap      likewise
    documentSection.largeDocumentModule.largeDocs[].hasIcf      likewise
    documentSection.largeDocumentModule.largeDocs[].uploadDate  when the file reached the registry
    annotationSection                                   the registry's notes on results withheld or rules broken
    resultsSection                                      results are read at the registry; `has_results` says that they are there
"""

from __future__ import annotations

from typing import Any

from trials.registry import normalise
from trials.registry.node import Node, WrongShape, kind_of
from trials.registry.raw import BadRecord
from trials.registry.records import (
    Arm,
    AvailableData,
    Contact,
    Document,
    Intervention,
    Link,
    MeshTerm,
    Official,
    Outcome,
    Reference,
    Retraction,
    SecondaryId,
    Site,
    Sponsor,
    Study,
)


def parse(record: dict[str, Any]) -> Study:
    """The study that an API v2 record describes; BadRecord where it is none or its structure is broken."""
    nct_id = _nct_id(record)
    reports: dict[tuple[str, str], None] = {}  # an ordered set
    try:
        return _study(nct_id, Node(record, None, "", reports), reports)
    except WrongShape as error:
        raise BadRecord(nct_id, str(error)) from None


def _nct_id(record: Any) -> str:
    """Read apart from the rest, so that every later fault can name the study."""
    place, path = record, ""
    for key in ("protocolSection", "identificationModule", "nctId"):
        if not isinstance(place, dict):
            raise BadRecord(None, f"{path.removesuffix('.') or 'the record'} is {kind_of(place)}, not an object")
        place, path = place.get(key), f"{path}{key}."
    path = path.removesuffix(".")
    if not isinstance(place, str):
        raise BadRecord(None, f"{path} is {kind_of(place)}, not an NCT id")
    try:
        return normalise.canonical_nct_id(place)
    except ValueError as error:
        raise BadRecord(None, f"{path} is {error}") from None


def _study(nct_id: str, record: Node, reports: dict[tuple[str, str], None]) -> Study:
    protocol = record.node("protocolSection")
    identification = protocol.node("identificationModule")
    status = protocol.node("statusModule")
    expanded_access = status.node("expandedAccessInfo")
    sponsors = protocol.node("sponsorCollaboratorsModule")
    responsible = sponsors.node("responsibleParty")
    oversight = protocol.node("oversightModule")
    description = protocol.node("descriptionModule")
    conditions = protocol.node("conditionsModule")
    design = protocol.node("designModule")
    design_info = design.node("designInfo")
    masking = design_info.node("maskingInfo")
    bio_spec = design.node("bioSpec")
    enrollment = design.node("enrollmentInfo")
    arms = protocol.node("armsInterventionsModule")
    outcomes = protocol.node("outcomesModule")
    eligibility = protocol.node("eligibilityModule")
    contacts = protocol.node("contactsLocationsModule")
    references = protocol.node("referencesModule")
    ipd = protocol.node("ipdSharingStatementModule")
    derived = record.node("derivedSection")
    large_documents = record.node("documentSection").node("largeDocumentModule")

    investigator, old_name = responsible.text("investigatorFullName"), responsible.text("oldNameTitle")
    affiliation, old_organization = responsible.text("investigatorAffiliation"), responsible.text("oldOrganization")
    minimum_age, minimum_age_years = eligibility.age("minimumAge")
    maximum_age, maximum_age_years = eligibility.age("maximumAge")

    return Study(
        nct_id=nct_id,
        brief_title=identification.text("briefTitle"),
        official_title=identification.text("officialTitle"),
        acronym=identification.text("acronym"),
        org_study_id=identification.node("orgStudyIdInfo").text("id"),
        organization=_sponsor(identification.node("organization"), "fullName"),
        secondary_ids=tuple(map(_secondary_id, identification.nodes("secondaryIdInfos"))),
        nct_id_aliases=identification.nct_ids("nctIdAliases"),
        overall_status=status.code("overallStatus", normalise.STATUS),
        last_known_status=status.code("lastKnownStatus", normalise.STATUS),
        why_stopped=status.text("whyStopped"),
        status_verified=status.date("statusVerifiedDate"),
        start=status.study_date("startDateStruct"),
        primary_completion=status.study_date("primaryCompletionDateStruct"),
        completion=status.study_date("completionDateStruct"),
        first_submitted=status.date("studyFirstSubmitDate"),
        first_posted=status.node("studyFirstPostDateStruct").date("date"),
        results_first_posted=status.node("resultsFirstPostDateStruct").date("date"),
        last_update_submitted=status.date("lastUpdateSubmitDate"),
        last_update_posted=status.node("lastUpdatePostDateStruct").date("date"),
        has_results=bool(record.flag("hasResults")),
        lead_sponsor=_sponsor(sponsors.node("leadSponsor")),
        collaborators=tuple(map(_sponsor, sponsors.nodes("collaborators"))),
        responsible_party_type=responsible.code("type", normalise.RESPONSIBLE_PARTY_TYPE),
        responsible_party_name=investigator or old_name,
        responsible_party_title=responsible.text("investigatorTitle"),
        responsible_party_affiliation=affiliation or old_organization,
        has_dmc=oversight.flag("oversightHasDmc"),
        is_fda_regulated_drug=oversight.flag("isFdaRegulatedDrug"),
        is_fda_regulated_device=oversight.flag("isFdaRegulatedDevice"),
        brief_summary=description.text("briefSummary"),
        detailed_description=description.text("detailedDescription"),
        conditions=tuple(dict.fromkeys(conditions.texts("conditions"))),
        keywords=tuple(dict.fromkeys(conditions.texts("keywords"))),
        condition_meshes=tuple(map(_mesh_term, derived.node("conditionBrowseModule").nodes("meshes"))),
        intervention_meshes=tuple(map(_mesh_term, derived.node("interventionBrowseModule").nodes("meshes"))),
        study_type=design.code("studyType", normalise.STUDY_TYPE),
        is_patient_registry=design.flag("patientRegistry"),
        target_duration=design.text("targetDuration"),
        phases=design.codes("phases", normalise.PHASE),
        allocation=design_info.code("allocation", normalise.DESIGN_ALLOCATION),
        intervention_model=design_info.code("interventionModel", normalise.INTERVENTIONAL_ASSIGNMENT),
        intervention_model_description=design_info.text("interventionModelDescription"),
        observational_model=design_info.code("observationalModel", normalise.OBSERVATIONAL_MODEL),
        time_perspective=design_info.code("timePerspective", normalise.DESIGN_TIME_PERSPECTIVE),
        primary_purpose=design_info.code("primaryPurpose", normalise.PRIMARY_PURPOSE),
        masking=masking.code("masking", normalise.DESIGN_MASKING),
        masking_description=masking.text("maskingDescription"),
        who_masked=masking.codes("whoMasked", normalise.WHO_MASKED),
        enrollment=enrollment.count("count"),
        enrollment_kind=enrollment.kind("type", normalise.ENROLLMENT_TYPE),
        bio_spec_retention=bio_spec.code("retention", normalise.BIO_SPEC_RETENTION),
        bio_spec_description=bio_spec.text("description"),
        has_expanded_access=expanded_access.flag("hasExpandedAccess"),
        expanded_access_nct_id=expanded_access.nct_id("nctId"),
        expanded_access_status=expanded_access.code("statusForNctId", normalise.EXPANDED_ACCESS_STATUS),
        expanded_access_types=_expanded_access_types(design.node("expandedAccessTypes")),
        arms=tuple(map(_arm, arms.nodes("armGroups"))),
        interventions=tuple(map(_intervention, arms.nodes("interventions"))),
        outcomes=tuple(
            _outcome(kind, outcome) for kind in ("primary", "secondary", "other") for outcome in outcomes.nodes(f"{kind}Outcomes")
        ),
        eligibility_criteria=eligibility.text("eligibilityCriteria"),
        sex=eligibility.code("sex", normalise.SEX),
        gender_based=eligibility.flag("genderBased"),
        gender_description=eligibility.text("genderDescription"),
        minimum_age=minimum_age,
        maximum_age=maximum_age,
        minimum_age_years=minimum_age_years,
        maximum_age_years=maximum_age_years,
        std_ages=eligibility.codes("stdAges", normalise.STANDARD_AGE),
        healthy_volunteers=eligibility.flag("healthyVolunteers"),
        study_population=eligibility.text("studyPopulation"),
        sampling_method=eligibility.code("samplingMethod", normalise.SAMPLING_METHOD),
        central_contacts=tuple(map(_contact, contacts.nodes("centralContacts"))),
        officials=tuple(map(_official, contacts.nodes("overallOfficials"))),
        sites=tuple(map(_site, contacts.nodes("locations"))),
        removed_countries=tuple(map(normalise.country, derived.node("miscInfoModule").texts("removedCountries"))),
        references=tuple(map(_reference, references.nodes("references"))),
        links=tuple(Link(url=link.text("url"), label=link.text("label")) for link in references.nodes("seeAlsoLinks")),
        ipd_sharing=ipd.code("ipdSharing", normalise.IPD_SHARING),
        ipd_sharing_description=ipd.text("description"),
        ipd_sharing_info_types=ipd.codes("infoTypes", normalise.IPD_SHARING_INFO_TYPE),
        ipd_sharing_time_frame=ipd.text("timeFrame"),
        ipd_sharing_access_criteria=ipd.text("accessCriteria"),
        ipd_sharing_url=ipd.text("url"),
        available_ipd=tuple(map(_available_data, references.nodes("availIpds"))),
        documents=tuple(map(_document, large_documents.nodes("largeDocs"))),
        unknown_values=tuple(reports),  # last: the reads above fill it
    )


def _sponsor(node: Node, name: str = "name") -> Sponsor:
    return Sponsor(node.text(name), node.code("class", normalise.AGENCY_CLASS))


def _secondary_id(node: Node) -> SecondaryId:
    return SecondaryId(
        id=node.text("id"),
        type=node.code("type", normalise.SECONDARY_ID_TYPE),
        domain=node.text("domain"),
        link=node.text("link"),
    )


def _mesh_term(node: Node) -> MeshTerm:
    return MeshTerm(id=node.text("id"), term=node.text("term"))


def _expanded_access_types(node: Node) -> tuple[str, ...]:
    return tuple(key.upper() for key in ("individual", "intermediate", "treatment") if node.flag(key))


def _arm(node: Node) -> Arm:
    return Arm(
        label=node.text("label"),
        type=node.code("type", normalise.ARM_GROUP_TYPE),
        description=node.text("description"),
        intervention_names=node.texts("interventionNames"),
    )


def _intervention(node: Node) -> Intervention:
    return Intervention(
        name=node.text("name"),
        type=node.code("type", normalise.INTERVENTION_TYPE),
        description=node.text("description"),
        other_names=node.texts("otherNames"),
        arm_labels=node.texts("armGroupLabels"),
    )


def _outcome(kind: str, node: Node) -> Outcome:
    return Outcome(kind, node.text("measure"), node.text("description"), node.text("timeFrame"))


def _contact(node: Node) -> Contact:
    return Contact(
        name=node.text("name"),
        role=node.code("role", normalise.CONTACT_ROLE),
        phone=node.text("phone"),
        phone_ext=node.text("phoneExt"),
        email=node.text("email"),
    )


def _official(node: Node) -> Official:
    return Official(name=node.text("name"), role=node.code("role", normalise.OFFICIAL_ROLE), affiliation=node.text("affiliation"))


def _site(node: Node) -> Site:
    point = node.node("geoPoint")
    latitude, longitude = point.degrees("lat", 90), point.degrees("lon", 180)
    if latitude is None or longitude is None:
        latitude = longitude = None
    return Site(
        facility=node.text("facility"),
        city=node.text("city"),
        state=node.text("state"),
        zip=node.text("zip"),
        country=normalise.country(node.text("country")),
        status=node.code("status", normalise.RECRUITMENT_STATUS),
        latitude=latitude,
        longitude=longitude,
        contacts=tuple(map(_contact, node.nodes("contacts"))),
    )


def _reference(node: Node) -> Reference:
    return Reference(
        citation=node.text("citation"),
        pmid=node.text("pmid"),
        type=node.code("type", normalise.REFERENCE_TYPE),
        retractions=tuple(Retraction(pmid=each.text("pmid"), source=each.text("source")) for each in node.nodes("retractions")),
    )


def _available_data(node: Node) -> AvailableData:
    return AvailableData(id=node.text("id"), type=node.text("type"), url=node.text("url"), comment=node.text("comment"))


def _document(node: Node) -> Document:
    return Document(label=node.text("label"), filename=node.text("filename"), date=node.date("date"), size=node.count("size"))
