// Generated from docs/reference/openapi.json by `npm run api`; do not change it by hand.

export interface paths {
    "/api/node/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives the key that this node signs with */
        get: operations["get_node_key"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/node/key/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives this node a new key, endorsed by the old */
        post: operations["post_node_key_change"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/neighbours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the keys of other nodes and what was refused */
        get: operations["get_neighbours"];
        put?: never;
        /** Believes a key that people have compared */
        post: operations["post_neighbours"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/neighbours/{origin}/distrust": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Believes a key no more */
        post: operations["post_neighbours_by_origin_distrust"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/neighbours/{origin}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a node ask for something here */
        post: operations["post_neighbours_by_origin_grants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/neighbours/{origin}/grants/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a node ask for something here no more */
        post: operations["post_neighbours_by_origin_grants_withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/neighbours/readings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says what a node may read of this one's log */
        post: operations["post_neighbours_readings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what nodes ask of each other, newest first */
        get: operations["get_requests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/requests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives a request with its answer */
        get: operations["get_requests_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/custody": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says what was handed over, is to be, and is in conflict */
        get: operations["get_custody"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/custody/pass": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hands what this node owns to another node */
        post: operations["post_custody_pass"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/custody/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Proposes to take over from another node */
        post: operations["post_custody_proposals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/custody/proposals/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes over, as the second person */
        post: operations["post_custody_proposals_by_id_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says how far other nodes' logs are here */
        get: operations["get_segments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/unapplied/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries entries again at the next start that were kept and not applied */
        post: operations["post_segments_unapplied_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/errands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what goes out of this node, the latest first */
        get: operations["get_errands"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/errands/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives an errand */
        get: operations["get_errands_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/errands/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decides about an errand that is uncertain or was given up */
        post: operations["post_errands_by_id_resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/exchange": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says what went out as files, what came in, and what waits */
        get: operations["get_segments_exchange"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes in another node's segment */
        post: operations["post_segments_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/for/{neighbour}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives the next segment file for a neighbour, by what it may read; 204 for none */
        get: operations["get_segments_for_by_neighbour"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/segments/for/{neighbour}/sent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Says up to which entry a neighbour was given this node's log */
        put: operations["put_segments_for_by_neighbour_sent"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports/registers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists registers that take tables */
        get: operations["get_imports_registers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports/registers/{name}/template": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives a register's empty table as CSV */
        get: operations["get_imports_registers_by_name_template"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists one's own imports, newest first */
        get: operations["get_imports"];
        put?: never;
        /** Brings a file and looks through it */
        post: operations["post_imports"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says how far an import is */
        get: operations["get_imports_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports/{id}/columns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says which column is which */
        post: operations["post_imports_by_id_columns"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes the rows that can be taken */
        post: operations["post_imports_by_id_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes no further rows */
        post: operations["post_imports_by_id_stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports/{id}/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what is wrong with which row */
        get: operations["get_imports_by_id_faults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/imports/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives all of that as CSV */
        get: operations["get_imports_by_id_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/node": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says which node this is */
        get: operations["get_node"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives the caller's own session */
        get: operations["get_session"];
        put?: never;
        /** Signs in */
        post: operations["post_session"];
        /** Signs out */
        delete: operations["delete_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Changes the caller's password */
        post: operations["post_session_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/first-start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says which offices are still to be claimed */
        get: operations["get_first_start"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/first-start/{office}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Opens an officer's account with its one-time secret */
        post: operations["post_first_start_by_office"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/organisations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists organisations by name */
        get: operations["get_organisations"];
        put?: never;
        /** Enters an organisation in the register */
        post: operations["post_organisations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/organisations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Renames or moves an organisation */
        put: operations["put_organisations_by_id"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/organisations/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Closes an organisation */
        post: operations["post_organisations_by_id_close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists accounts and their grants */
        get: operations["get_accounts"];
        put?: never;
        /** Opens an account without any power */
        post: operations["post_accounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Closes an account to its holder and ends its sessions */
        post: operations["post_accounts_by_id_disable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Opens a disabled account again */
        post: operations["post_accounts_by_id_enable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists roles and what they hold */
        get: operations["get_roles"];
        put?: never;
        /** Defines a role, or defines it anew */
        post: operations["post_roles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists all permissions there are */
        get: operations["get_permissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives an account a role over a region or an organisation */
        post: operations["post_accounts_by_id_grants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/grants/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a role back */
        delete: operations["delete_grants_by_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/trail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the trail, newest first */
        get: operations["get_trail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/facts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists facts that the caller may see */
        get: operations["get_facts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/chains/{correlation}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives all facts of one thread, from the first reading to the last task */
        get: operations["get_chains_by_correlation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the contact book, the oldest first */
        get: operations["get_contacts"];
        put?: never;
        /** Enters somebody in the contact book */
        post: operations["post_contacts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/contacts/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** People with an account who can be told inside */
        get: operations["get_contacts_people"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/contacts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One contact, masked */
        get: operations["get_contacts_by_id"];
        /** Says anew what is said of a contact */
        put: operations["put_contacts_by_id"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/contacts/{id}/address": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A contact's number and e-mail, whole; that they were read is noted */
        get: operations["get_contacts_by_id_address"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/contacts/{id}/retire": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Retires a contact and destroys the key */
        post: operations["post_contacts_by_id_retire"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/regions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists regions, upper ones first */
        get: operations["get_regions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/regions/spells": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what regions there were on a day */
        get: operations["get_regions_spells"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/regions/at": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says what regions a place lies in */
        get: operations["get_regions_at"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/regions/boundaries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the boundaries of a day, and since when each is so */
        get: operations["get_regions_boundaries"];
        put?: never;
        /** Looks at a file of boundaries, and takes them when that is asked */
        post: operations["post_regions_boundaries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says of each day whether it is one of work */
        get: operations["get_calendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calendar/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the notices that days go by */
        get: operations["get_calendar_notices"];
        put?: never;
        /** Loads a year's notice */
        post: operations["post_calendar_notices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calendar/notices/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says what the days of a year would be by a notice, and loads nothing */
        post: operations["post_calendar_notices_look"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/map/layers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the layers of the base map */
        get: operations["get_map_layers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/map/layers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives one layer as GeoJSON */
        get: operations["get_map_layers_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/map/relief/{shade}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives the shaded relief */
        get: operations["get_map_relief_by_shade"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/enterprises": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists enterprises, the oldest first */
        get: operations["get_enterprises"];
        put?: never;
        /** Registers an enterprise */
        post: operations["post_enterprises"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/enterprises/points": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where open enterprises lie, for a map */
        get: operations["get_enterprises_points"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/enterprises/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One enterprise, now or as it was */
        get: operations["get_enterprises_by_id"];
        /** Says anew what is said of an enterprise */
        put: operations["put_enterprises_by_id"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/enterprises/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What an enterprise was from each change on, oldest first */
        get: operations["get_enterprises_by_id_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/enterprises/{id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It works, or works again */
        post: operations["post_enterprises_by_id_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/enterprises/{id}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It stands still */
        post: operations["post_enterprises_by_id_suspend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/enterprises/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It is closed for good */
        post: operations["post_enterprises_by_id_close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/enterprises/{id}/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Names and numbers of who is to be called; that they were read is noted */
        get: operations["get_enterprises_by_id_contacts"];
        put?: never;
        /** Names somebody to be called */
        post: operations["post_enterprises_by_id_contacts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/enterprises/{id}/contacts/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a contact out and destroys the key */
        post: operations["post_enterprises_by_id_contacts_remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists mines, ponds, hazard sources and tanks */
        get: operations["get_sites"];
        put?: never;
        /** Registers a site of an enterprise */
        post: operations["post_sites"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sites/points": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where open sites lie, for a map */
        get: operations["get_sites_points"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sites/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One site, now or as it was */
        get: operations["get_sites_by_id"];
        /** Says anew what is said of a site */
        put: operations["put_sites_by_id"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sites/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a site was from each change on, oldest first */
        get: operations["get_sites_by_id_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sites/{id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It works, or works again */
        post: operations["post_sites_by_id_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sites/{id}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It stands still */
        post: operations["post_sites_by_id_suspend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sites/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It is closed for good */
        post: operations["post_sites_by_id_close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/protocols": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The protocols that stations may speak, with their elements */
        get: operations["get_protocols"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a station's device sends here: addresses, an example, and a line that proves it */
        get: operations["get_stations_by_id_ways"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists stations, the oldest first */
        get: operations["get_stations"];
        put?: never;
        /** Registers a station and its sensors */
        post: operations["post_stations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One station, with what it sent and we do not keep */
        get: operations["get_stations_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/edit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Changes what is said of a station */
        post: operations["post_stations_by_id_edit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The keys of a station, without themselves */
        get: operations["get_stations_by_id_keys"];
        put?: never;
        /** Issues a key; the older ones hold for a while */
        post: operations["post_stations_by_id_keys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/keys/{key}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a key at once */
        post: operations["post_stations_by_id_keys_by_key_end"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/keys/{key}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A key itself, to be handed to who installs the device; noted in the trail */
        get: operations["get_stations_by_id_keys_by_key_secret"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a station was asked, the newest first, and what came of it */
        get: operations["get_stations_by_id_commands"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/commands/{command}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A command with its bytes, and those of its answer */
        get: operations["get_stations_by_id_commands_by_command"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/line": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether commands go out to a station now */
        get: operations["get_stations_by_id_line"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/forms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a station can be asked for */
        get: operations["get_stations_by_id_forms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/queries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks a station for something */
        post: operations["post_stations_by_id_queries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets or moves something at a station, with a reason */
        post: operations["post_stations_by_id_settings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/commands/{command}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes back a command that has not gone out */
        post: operations["post_stations_by_id_commands_by_command_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/relay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who speaks for a station, for whom it speaks, and what way its last report came */
        get: operations["get_stations_by_id_relay"];
        put?: never;
        /** Lets another station speak for this one, or nobody but itself */
        post: operations["post_stations_by_id_relay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/silence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets how long a station may say nothing, or until when it is stopped */
        post: operations["post_stations_by_id_silence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/place": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a station stands, at what of the registers, and where it was said to */
        get: operations["get_stations_by_id_place"];
        put?: never;
        /** Says anew where a station stands, and at what of the registers */
        post: operations["post_stations_by_id_place"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How each station's line is doing */
        get: operations["get_sources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/frames": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest frames of a station, byte by byte; heartbeats are not kept */
        get: operations["get_stations_by_id_frames"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/waiting-room": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists devices that nobody has registered */
        get: operations["get_waiting_room"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/waiting-room/{id}/admit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Registers a waiting device as a station; its next frame is stored */
        post: operations["post_waiting_room_by_id_admit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/waiting-room/{id}/refuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Refuses a waiting device */
        post: operations["post_waiting_room_by_id_refuse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rejects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what could not be taken, the newest first */
        get: operations["get_rejects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rejects/causes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What could not be taken, by source and cause, the latest first */
        get: operations["get_rejects_causes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rejects/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What could not be taken, byte by byte */
        get: operations["get_rejects_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/points": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a station's host defines and what it sends, with the sensors made of it */
        get: operations["get_stations_by_id_points"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/held": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many frames wait for a sensor */
        get: operations["get_stations_by_id_held"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reads kept frames of a station anew, by its sensors as they are now */
        post: operations["post_stations_by_id_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/person-files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the files of a station that name persons, the newest first */
        get: operations["get_stations_by_id_person_files"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/person-files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many persons a file has at which place, names and cards masked */
        get: operations["get_person_files_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/person-files/{id}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A file whole, for a reason; who, what and why are noted in the trail */
        post: operations["post_person_files_by_id_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stations/{id}/underground": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many are in a mine and its areas, and what is over; nobody is named */
        get: operations["get_stations_by_id_underground"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/quality-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is checked of each quantity, with sources */
        get: operations["get_quality_checks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sensors/{id}/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is checked of a sensor's readings */
        get: operations["get_sensors_by_id_checks"];
        put?: never;
        /** Sets what is checked of a sensor's readings from now on */
        post: operations["post_sensors_by_id_checks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sensors/{id}/checks/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What checks would have flagged of a sensor's last readings; sets nothing */
        post: operations["post_sensors_by_id_checks_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** For how long readings are kept, what there is, and what went of late */
        get: operations["get_retention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sensors/{id}/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** For how long a sensor's readings are kept */
        get: operations["get_sensors_by_id_retention"];
        put?: never;
        /** Keeps a sensor's readings for longer than its rule says, or by its rule again */
        post: operations["post_sensors_by_id_retention"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists ranges of readings that are held, newest first */
        get: operations["get_holds"];
        put?: never;
        /** Holds readings of a range, whatever their class says */
        post: operations["post_holds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/holds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives one hold */
        get: operations["get_holds_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/holds/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a hold; retention goes on */
        post: operations["post_holds_by_id_end"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/readings/latest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest reading of every sensor */
        get: operations["get_readings_latest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sensors/{id}/readings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The record of one sensor: raw when that is little enough, else in buckets */
        get: operations["get_sensors_by_id_readings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/earthquakes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists earthquakes, the last that quaked first */
        get: operations["get_earthquakes"];
        put?: never;
        /** Registers what a duty officer was told of an earthquake, or corrects it */
        post: operations["post_earthquakes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/earthquakes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One earthquake with all its reports */
        get: operations["get_earthquakes_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/earthquakes/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes back what was typed in of an earthquake */
        post: operations["post_earthquakes_by_id_withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/earthquake-reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a document of an agency: USGS GeoJSON, QuakeML or FDSN event text */
        post: operations["post_earthquake_reports"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/earthquake-messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists documents of earthquakes and what came of each, the newest first */
        get: operations["get_earthquake_messages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/earthquake-messages/{id}/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives a document as it came in */
        get: operations["get_earthquake_messages_by_id_raw"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists rules, the newest first */
        get: operations["get_rules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rules/defaults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lines to begin with, with their sources */
        get: operations["get_rules_defaults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rules/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a rule would have found in a range of readings; sets nothing */
        post: operations["post_rules_dry_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One rule in its newest version */
        get: operations["get_rules_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rules/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists proposed rules, the newest first */
        get: operations["get_rules_proposals"];
        put?: never;
        /** Proposes a rule, or a new version */
        post: operations["post_rules_proposals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rules/proposals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last proposal of a rule */
        get: operations["get_rules_proposals_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rules/proposals/{id}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts a rule in force that another person proposed */
        post: operations["post_rules_proposals_by_id_publish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rules/proposals/{id}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a proposed rule back with a reason */
        post: operations["post_rules_proposals_by_id_return"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rules/{id}/retire": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a rule out of force */
        post: operations["post_rules_by_id_retire"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rules/{id}/shelve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a rule call nobody for a while */
        post: operations["post_rules_by_id_shelve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rules/{id}/unshelve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a shelved rule call again */
        post: operations["post_rules_by_id_unshelve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists findings, the last raised first */
        get: operations["get_findings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/findings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One finding with the readings that fired it */
        get: operations["get_findings_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/silences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists silences, the last found first */
        get: operations["get_silences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/silences/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One silence */
        get: operations["get_silences_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/silences/{id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The stations or sensors of a silence that the caller sees */
        get: operations["get_silences_by_id_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/earthquakes/{id}/shaking": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was said of what an earthquake shook, the newest first */
        get: operations["get_earthquakes_by_id_shaking"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/earthquakes/{id}/exposed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which sites and stations stand where it shook, as far as the caller sees them */
        get: operations["get_earthquakes_by_id_exposed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists risk notices, newest first */
        get: operations["get_notices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a risk notice */
        get: operations["get_notices_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notices/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a risk notice for the duty desk, with a word on what is done or without */
        post: operations["post_notices_by_id_acknowledge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notices/{id}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says for the duty desk what was found on looking */
        post: operations["post_notices_by_id_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notices/{id}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says for the enterprise what was found on looking, which verifies nothing */
        post: operations["post_notices_by_id_feedback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/warnings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists warnings, newest first */
        get: operations["get_warnings"];
        put?: never;
        /** Drafts a warning by hand; it waits for its review */
        post: operations["post_warnings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/warnings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a warning and what the caller may do with it */
        get: operations["get_warnings_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/warnings/{id}/edit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Changes text or level before the issue; it wants a review again */
        post: operations["post_warnings_by_id_edit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/warnings/{id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Agrees to a proposal as a second person */
        post: operations["post_warnings_by_id_review"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/warnings/{id}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a proposal back to be written again */
        post: operations["post_warnings_by_id_return"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/warnings/{id}/issue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs a reviewed warning as a third person and puts it in force */
        post: operations["post_warnings_by_id_issue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/warnings/{id}/issue-urgently": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts a warning in force at once; another person reviews it within 30 minutes */
        post: operations["post_warnings_by_id_issue_urgently"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/warnings/{id}/review-afterwards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reviews an urgent issue as another person */
        post: operations["post_warnings_by_id_review_afterwards"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/warnings/{id}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keeps a warning in force until later */
        post: operations["post_warnings_by_id_extend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/warnings/{id}/lift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a warning in force: the danger is over */
        post: operations["post_warnings_by_id_lift"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/warnings/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Closes a proposal that will not be issued */
        post: operations["post_warnings_by_id_discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/warnings/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what was told of a warning as CAP, with its chain, the oldest first */
        get: operations["get_warnings_by_id_messages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/warnings/{id}/cap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives the newest CAP message of a warning, or the draft of what would be told */
        get: operations["get_warnings_by_id_cap"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feeds/cap.atom": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives the Atom feed of public warnings; closed unless configured or signed in */
        get: operations["get_feeds_cap_atom"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feeds/cap/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives one CAP message of the feed */
        get: operations["get_feeds_cap_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/received-warnings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the messages of other authorities, newest first */
        get: operations["get_received_warnings"];
        put?: never;
        /** Takes a CAP message, or a feed that carries some, as it came */
        post: operations["post_received_warnings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/received-warnings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a received message with its chain and its original */
        get: operations["get_received_warnings_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/received-warnings/{id}/original": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives the bytes that came */
        get: operations["get_received_warnings_by_id_original"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/received-rejects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what came and was no message, newest first */
        get: operations["get_received_rejects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/received-rejects/{id}/original": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives the bytes that were refused */
        get: operations["get_received_rejects_by_id_original"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ladders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists ladders, the oldest first */
        get: operations["get_ladders"];
        put?: never;
        /** Draws a ladder for a region */
        post: operations["post_ladders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ladders/default": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a new ladder starts with, and why */
        get: operations["get_ladders_default"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ladders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One ladder, with its people by name */
        get: operations["get_ladders_by_id"];
        /** Says anew what a ladder says */
        put: operations["put_ladders_by_id"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ladders/{id}/retire": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Retires a ladder, with the reason */
        post: operations["post_ladders_by_id_retire"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists callings with their ledgers, newest first */
        get: operations["get_callings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callings/own": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What wants the caller's own answer */
        get: operations["get_callings_own"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One calling, step by step, person by person */
        get: operations["get_callings_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callings/{id}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers from the account of somebody who was told inside */
        post: operations["post_callings_by_id_answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callings/{id}/record": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Records what came of a phone call to somebody */
        post: operations["post_callings_by_id_record"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callings/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a calling that nobody needs to answer */
        post: operations["post_callings_by_id_end"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists incidents, newest first */
        get: operations["get_incidents"];
        put?: never;
        /** Turns a warning into an incident */
        post: operations["post_incidents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives one incident */
        get: operations["get_incidents_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/incidents/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the facts of an incident's thread that the caller may see, oldest first */
        get: operations["get_incidents_by_id_timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/incidents/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds a line to the time line */
        post: operations["post_incidents_by_id_notes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/incidents/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends an incident on which no task is open */
        post: operations["post_incidents_by_id_close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/intakes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists calls, last saved first, masked */
        get: operations["get_intakes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/intakes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives one call with name and number */
        get: operations["get_intakes_by_id"];
        /** Saves what has been typed so far */
        put: operations["put_intakes_by_id"];
        post?: never;
        /** Throws away one's own draft */
        delete: operations["delete_intakes_by_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/intakes/{id}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Opens an incident from a call */
        post: operations["post_intakes_by_id_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists tasks, newest first */
        get: operations["get_tasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives one task */
        get: operations["get_tasks_by_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/incidents/{id}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives somebody something to do */
        post: operations["post_incidents_by_id_tasks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says yes to one's own task */
        post: operations["post_tasks_by_id_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says no to one's own task, with the reason */
        post: operations["post_tasks_by_id_decline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reports one's own task as done */
        post: operations["post_tasks_by_id_finish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a task back, with the reason */
        post: operations["post_tasks_by_id_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists people who hold a permission, by name */
        get: operations["get_people"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/incidents/{id}/task-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the node that owns an incident for a task in it */
        post: operations["post_incidents_by_id_task_requests"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/duty": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives the caller's duty desk: queue, clocks, log */
        get: operations["get_duty"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/duty/claims": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes an item, or takes it over */
        post: operations["post_duty_claims"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/handovers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists sheets, newest first, without their lines */
        get: operations["get_handovers"];
        put?: never;
        /** Opens the sheet of a desk */
        post: operations["post_handovers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/handovers/desks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The desks that the caller may hand over */
        get: operations["get_handovers_desks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/handovers/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who may take a desk over, by name */
        get: operations["get_handovers_people"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/handovers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One sheet; a draft's lines are live */
        get: operations["get_handovers_by_id"];
        /** Says who takes what, and notes */
        put: operations["put_handovers_by_id"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/handovers/{id}/sign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The first signature: who hands over */
        post: operations["post_handovers_by_id_sign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/handovers/{id}/receive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The second: who takes over */
        post: operations["post_handovers_by_id_receive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/handovers/{id}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a signed sheet back */
        post: operations["post_handovers_by_id_return"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/handovers/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes an open sheet away */
        post: operations["post_handovers_by_id_withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/response-times": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists how fast warnings and incidents were dealt with, newest first */
        get: operations["get_response_times"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/response-times/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts them by region and day, with the median and the 90th percentile of each step */
        get: operations["get_response_times_summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Streams facts and readings (SSE) */
        get: operations["get_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/disk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says how full the disk is */
        get: operations["get_disk"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says how the node is */
        get: operations["get_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers while the process lives */
        get: operations["get_healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Answers 200 while the node can write */
        get: operations["get_readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counters in Prometheus text format */
        get: operations["get_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/worlds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the worlds of this node */
        get: operations["get_worlds"];
        put?: never;
        /** Opens a drill, or a look into the past */
        post: operations["post_worlds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/worlds/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Closes a drill or a look into the past */
        delete: operations["delete_worlds_by_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells this world's time */
        get: operations["get_clock"];
        put?: never;
        /** Steers a drill's clock: pause, pace, jump */
        post: operations["post_clock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/readings/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives readings of a range as a file, CSV or Parquet */
        get: operations["get_readings_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What people at another node type in. */
        OwnKey: {
            origin: string;
            fingerprint: string;
            key: components["schemas"]["PublicKey"];
        };
        /** @description The public half, as it stands in facts and in a segment's head. */
        PublicKey: {
            /** @description An uncompressed point, 65 bytes in hex. */
            sm2: string;
            /** @description 32 bytes in hex. */
            ed25519: string;
        };
        Neighbours: {
            items: components["schemas"]["NeighbourKey"][];
            /** @description What they may ask for, by node. */
            grants: components["schemas"]["HeldGrant"][];
            /** @description What they may read of this node's log, by node: one that is not here reads nothing. */
            readings: components["schemas"]["Reading"][];
            /** @description What came and was not believed, the latest first. */
            refused: components["schemas"]["Refused"][];
            /** @description How far other nodes' logs are here, and when their last entry came. */
            heard: components["schemas"]["Heard"][];
            /** @description What a node can be allowed to ask for. */
            may_ask: components["schemas"]["Permission"][];
        };
        /** @description A key of another node, and what was decided about it here. */
        NeighbourKey: {
            origin: string;
            fingerprint: string;
            trusted: boolean;
            /**
             * @description What it may speak for, with what reports to these; empty when it is believed no
             *     more.
             */
            regions: string[];
            /** @description Why it is believed no more. */
            reason: string | null;
            decided_by: string;
            /** Format: date-time */
            decided_at: string;
            /**
             * Format: int64
             * @description How far that node's log has come in.
             */
            position: number;
        };
        /** @description The same, with the node. */
        HeldGrant: {
            origin: string;
            permission: string;
            region: string;
        };
        /** @description What the security officer lets a node read. */
        Reading: {
            origin: string;
            /**
             * @description Bodies at home in these and in what reports to them are open to it; of the rest
             *     what is public.
             */
            regions: string[];
            /** @description Bodies above this class are closed to it. */
            openness: components["schemas"]["Class"];
            decided_by: string;
            /** Format: date-time */
            decided_at: string;
        };
        /** @description How widely something may be shown. 涉密 material has no place here at all. */
        Class: "public" | "internal" | "sensitive";
        /** @description A segment that was not believed. */
        Refused: {
            /** @description SM3 of the whole file. */
            digest: string;
            /** @description Whose it says it is; empty when its head does not read. */
            origin: string;
            reason: string;
            /** Format: int64 */
            bytes: number;
            /**
             * Format: int64
             * @description How often these very bytes came.
             */
            times: number;
            /** Format: date-time */
            refused_at: string;
        };
        /** @description What is here of another node's log. */
        Heard: {
            origin: string;
            /**
             * Format: int64
             * @description The number of its last entry that is here.
             */
            position: number;
            /**
             * Format: date-time
             * @description When that entry was recorded there.
             */
            last_at: string | null;
            /**
             * Format: date-time
             * @description When it came in here.
             */
            arrived_at: string | null;
            /**
             * Format: int64
             * @description Entries of it that are kept and not applied.
             */
            unapplied: number;
            /**
             * Format: int64
             * @description Entries of it about what it does not own.
             */
            conflicts: number;
        };
        /** @description Something a role may hold. Slices declare theirs as constants. */
        Permission: {
            /** @description Stable: `warning.issue`. */
            code: string;
            /** @description The Chinese name for the role editor: 签发预警. */
            word: string;
        };
        /** @description A permission over a region, for requests of a node. */
        NeighbourGrant: {
            permission: string;
            region: string;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page: {
            items: components["schemas"]["Request"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A request as the API gives it, at the node that asks and at the one that is asked. */
        Request: {
            /** Format: uuid */
            id: string;
            /** @description The node that asks. */
            origin: string;
            to: string;
            kind: string;
            /** @description Where the subject that it is about is at home. */
            region: string | null;
            body: unknown;
            asked_by: string;
            /** Format: date-time */
            made_at: string;
            /** Format: date-time */
            until: string;
            state: components["schemas"]["RequestState"];
            /** @description What the asked node said: the handler's result, or why not. */
            answer: unknown;
            /** Format: date-time */
            answered_at: string | null;
            /** Format: uuid */
            correlation: string;
        };
        /** @description What has become of a request. */
        RequestState: ("accepted" | "refused") | "made" | "expired";
        /** @description Who owns what, where that is not the node that made it. */
        Custody: {
            /** @description This node's own name. */
            own: string;
            /** @description The other nodes that are known here, and who owns what each of them makes. */
            nodes: components["schemas"]["OtherNode"][];
            /** @description Node by node: what it made, and who owns that. */
            origins: components["schemas"]["OwnedOrigin"][];
            /**
             * Format: int64
             * @description How many single subjects were handed over.
             */
            subjects: number;
            /** @description What waits for a second person. */
            proposals: components["schemas"]["Proposal"][];
            /** @description What was handed over and taken over, the latest first; the last hundred. */
            moves: components["schemas"]["Moved"][];
            /** @description What came from a node that no longer owns the subject, the latest first. */
            conflicts: components["schemas"]["InConflict"][];
        };
        /** @description What is here of another node's log. */
        OtherNode: {
            origin: string;
            /**
             * Format: int64
             * @description The number of its last entry that is here.
             */
            position: number;
            /**
             * Format: date-time
             * @description When that entry was recorded there.
             */
            last_at: string | null;
            /**
             * Format: date-time
             * @description When it came in here.
             */
            arrived_at: string | null;
            /**
             * Format: int64
             * @description Entries of it that are kept and not applied.
             */
            unapplied: number;
            /**
             * Format: int64
             * @description Entries of it about what it does not own.
             */
            conflicts: number;
            owner: string;
        };
        OwnedOrigin: {
            origin: string;
            owner: string;
            /** Format: date-time */
            since: string;
        };
        Proposal: {
            /** Format: uuid */
            id: string;
            of: components["schemas"]["Of"];
            from: string;
            region: string;
            reason: string;
            /**
             * Format: uuid
             * @description Who cannot be the second person.
             */
            proposer: string;
            proposed_by: string;
            /** Format: date-time */
            proposed_at: string;
            named: components["schemas"]["Named"][];
        };
        /** @description What is handed over. */
        Of: {
            subjects: string[];
        } | {
            origin: string;
        };
        /** @description A subject by the first that was said of it; at most ten of a decision. */
        Named: {
            /** Format: uuid */
            subject: string;
            /** @description The kind of that fact: `incident.opened`. */
            kind: string;
            /** @description Its sentence; none when its body is not here, and for who does not see such facts. */
            title: string | null;
        };
        /** @description A decision that moved ownership. */
        Moved: {
            /** Format: int64 */
            seq: number;
            /** Format: date-time */
            at: string;
            /** @description The node that said so: the owner that hands over, or the one that took over. */
            origin: string;
            of: components["schemas"]["Of"];
            /** @description The owner until then. */
            from: string;
            to: string;
            /** @description Whether two persons took it over from a node that did not answer. */
            taken: boolean;
            /**
             * Format: int64
             * @description How far the taker had the former owner's log.
             */
            known: number | null;
            reason: string;
            /** @description Who decided; of a take-over the first and the second person. */
            by: string[];
            named: components["schemas"]["Named"][];
        };
        InConflict: {
            /** Format: int64 */
            seq: number;
            origin: string;
            kind: string;
            /** Format: uuid */
            subject: string;
            /** Format: date-time */
            at: string;
            /** @description Who owned it when this came in. */
            owner: string;
        };
        /**
         * @description What a command decided. The lists are read apart: they ask much, and the writer would
         *     wait for them.
         */
        Decided: {
            /**
             * Format: uuid
             * @description The proposal, also when it is confirmed; else the hand-over.
             */
            id: string;
            of: components["schemas"]["Of"];
            /** @description The owner until then. */
            from: string;
            /** @description The owner from then on; of a proposal, once it is confirmed. */
            to: string;
        };
        /** @description What came from other nodes. */
        Segments: {
            /** @description Whose logs are here, this node's own first, and how far. */
            origins: components["schemas"]["Position"][];
            /** @description What came and was not believed, the latest first; the last hundred. */
            refused: components["schemas"]["Refused"][];
            counts: components["schemas"]["Counts"];
            /** @description Entries that were kept and not applied, the latest first; the last 200. */
            unapplied: components["schemas"]["Unapplied"][];
        };
        Position: {
            origin: string;
            /**
             * Format: int64
             * @description The number of its last entry that is here.
             */
            position: number;
        };
        /** @description How many entries changed nothing, by why. */
        Counts: {
            /**
             * Format: int64
             * @description Refused by the tables.
             */
            refused: number;
            /**
             * Format: int64
             * @description Of a known kind, and not to be read by this program; own ones as of the last time
             *     that their slice was folded anew.
             */
            unread: number;
            /**
             * Format: int64
             * @description From regions that their author may not speak for.
             */
            outside: number;
            /**
             * Format: int64
             * @description About what their author does not own.
             */
            conflicts: number;
            /**
             * Format: int64
             * @description Of a kind that this program does not know: a newer one wrote them.
             */
            unknown: number;
        };
        /** @description An entry that changed nothing here. */
        Unapplied: {
            /** Format: int64 */
            seq: number;
            origin: string;
            /** Format: int64 */
            origin_seq: number;
            kind: string;
            /** Format: uuid */
            subject: string;
            /** Format: date-time */
            at: string;
            /** @description `outside`, `unread`, or `refused: ` and what the database said. */
            why: string;
        };
        /** @description Slices whose tables are folded anew at the next start. */
        Retried: {
            slices: string[];
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page2: {
            items: components["schemas"]["Errand"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description Something to be done outside, and how far it is. */
        Errand: {
            /** Format: uuid */
            id: string;
            effect: string;
            /** Format: uuid */
            subject: string;
            region: string | null;
            /** Format: uuid */
            org: string | null;
            class: components["schemas"]["Class"];
            title: string;
            state: components["schemas"]["State"];
            /**
             * Format: int64
             * @description How often it was attempted.
             */
            attempts: number;
            /**
             * Format: int64
             * @description How often it failed in a row.
             */
            failures: number;
            /**
             * Format: date-time
             * @description When it is attempted next, while it is queued.
             */
            due_at: string;
            /**
             * Format: date-time
             * @description From when on it must not go out.
             */
            until: string | null;
            /** Format: date-time */
            made_at: string;
            /**
             * Format: date-time
             * @description When it came to stand where it stands.
             */
            changed_at: string;
            /** @description What outside said, or why it failed. */
            said: string | null;
            /** Format: uuid */
            correlation: string | null;
        };
        /** @description Where an errand stands. */
        State: "done" | "queued" | "attempted" | "uncertain" | "parked" | "given_up" | "suppressed";
        /** @description Segments as files, both ways. */
        ExchangeState: {
            /** @description This node's name in the log. */
            origin: string;
            /**
             * Format: int64
             * @description The number of its newest entry.
             */
            newest: number;
            /** @description Neighbours that have an outbox here, may read something, or were sent something. */
            outboxes: components["schemas"]["Outbox"][];
            inbox: components["schemas"]["Inbox"];
        };
        /** @description How far a neighbour was sent this node's log. */
        Outbox: {
            neighbour: string;
            /** @description Where its files are written; `null` when the configuration names no outbox for it. */
            directory: string | null;
            /** @description Whether the security officer has said what it may read: nothing is written before. */
            may_read: boolean;
            /**
             * Format: int64
             * @description Up to which entry files were ordered, or it was given them by hand; 0 for none.
             */
            last: number;
            /** Format: date-time */
            ordered_at: string | null;
            /** @description The newest file that was written. */
            written: components["schemas"]["Written"] | null;
            /** @description Files that are still to be written, and such as wait for a person (`/api/errands`). */
            errands: components["schemas"]["Errand"][];
        };
        Written: {
            file: string;
            /** Format: date-time */
            at: string;
        };
        /** @description What came as files. */
        Inbox: {
            /** @description `null` when the configuration names none. */
            directory: string | null;
            /** Format: date-time */
            looked_at: string | null;
            /** @description Why it could not be looked at. */
            trouble: string | null;
            /** @description Files that wait, in the order of their logs; at most 200. */
            waiting: components["schemas"]["WaitingFile"][];
            /** Format: uint */
            waiting_count: number;
            /**
             * @description What was left where it is: links, directories, what cannot be read, names that are
             *     no segment's; at most 200.
             */
            left: components["schemas"]["LeftFile"][];
            /** Format: uint */
            left_count: number;
            /** @description The newest file of each node that brought something. */
            taken: components["schemas"]["TakenFile"][];
            /**
             * @description Files that were refused, the latest first; at most a hundred. They are in `refused`
             *     below the inbox for 30 days, each with its reason beside it.
             */
            refused: components["schemas"]["RefusedFile"][];
        };
        /** @description A file that is taken in later by itself. */
        WaitingFile: {
            file: string;
            /** @description Whose it says it is; empty while its beginning does not read. */
            origin: string;
            /** Format: int64 */
            first: number | null;
            /** Format: int64 */
            last: number | null;
            /**
             * @description `gap`: what comes before it is not here. `half`: its end is not there yet.
             *     `untrusted`: nobody here trusts its key. `trouble`: this node could not take it.
             */
            why: components["schemas"]["Why"];
            detail: string;
        };
        /** @enum {string} */
        Why: "gap" | "half" | "untrusted" | "trouble";
        /** @description What is in the inbox and is not touched. */
        LeftFile: {
            file: string;
            reason: string;
        };
        TakenFile: {
            origin: string;
            file: string;
            /** Format: int64 */
            first: number;
            /** Format: int64 */
            last: number;
            /**
             * Format: int64
             * @description How many of its entries were new here.
             */
            new: number;
            /** Format: date-time */
            taken_at: string;
        };
        /** @description A file that was refused, with its reason. */
        RefusedFile: {
            file: string;
            reason: string;
            /** Format: date-time */
            refused_at: string;
        };
        /** @description What came of an upload. */
        Uploaded: {
            origin: string;
            /** Format: int64 */
            first: number;
            /** Format: int64 */
            last: number;
            /** Format: uint64 */
            new: number;
            /**
             * Format: uint64
             * @description Entries that were here already.
             */
            known: number;
            /**
             * Format: uint64
             * @description New ones whose body is closed here.
             */
            closed: number;
            /**
             * Format: uint64
             * @description New ones that change no table here, for another reason.
             */
            unapplied: number;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page3: {
            items: components["schemas"]["RegisterView"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A register, and what its table has. */
        RegisterView: {
            name: string;
            /** @description Its Chinese and English names. */
            words: [
                string,
                string
            ];
            columns: components["schemas"]["Column"][];
        };
        /** @description A column of a register's table. */
        Column: {
            /** @description Stable: `code`. */
            name: string;
            /** @description What its header may say, the usual one first; Chinese and English. */
            words: string[];
            needed: boolean;
            /** @description What stands in it, in Chinese and in English. */
            hint: [
                string,
                string
            ];
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page4: {
            items: components["schemas"]["ImportView"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description An import as the API gives it. */
        ImportView: {
            /** Format: uuid */
            id: string;
            register: string;
            file: string;
            /** Format: int64 */
            bytes: number;
            /** @description SHA-256 of the file, hex. */
            digest: string;
            layout: components["schemas"]["ImportLayout"];
            /** @description Columns that the register needs and that stand nowhere. */
            missing: string[];
            state: components["schemas"]["ImportState"];
            problem: string | null;
            /**
             * Format: int64
             * @description Rows of the table; grows while it is looked through.
             */
            rows: number;
            /** @description While it is looked through: what would become of rows. Once confirmed: what has. */
            counts: components["schemas"]["ImportCounts"];
            /** @description Some of the rows that change something. */
            sample: components["schemas"]["ImportSample"][];
            /**
             * Format: double
             * @description The longest that some of its rows held the writer at once, milliseconds: for so
             *     long an alarm may have waited.
             */
            longest_held_ms: number;
            /** Format: date-time */
            created_at: string;
        };
        /** @description How a file's table lies. */
        ImportLayout: {
            /** @description The sheets of the file; one without a name for CSV. */
            sheets: string[];
            sheet: string;
            /**
             * Format: uint32
             * @description The row of the header, from 1; rows below it are the table.
             */
            header_row: number;
            /** @description What the header says, from the left. */
            headers: string[];
            /** @description For each column of the register, where it stands in `headers`, from 0. */
            places: (number | null)[];
            /** @description For each column of the register, what an empty cell means. */
            fixed: (string | null)[];
        };
        /** @description Where an import stands. */
        ImportState: "done" | "unmapped" | "reading" | "ready" | "running" | "stopped" | "failed" | "expired";
        /** @description Rows by what becomes of them. */
        ImportCounts: {
            /** Format: int64 */
            seen: number;
            /** Format: int64 */
            added: number;
            /** Format: int64 */
            changed: number;
            /** Format: int64 */
            same: number;
            /** Format: int64 */
            refused: number;
        };
        /** @description A row that would change something, for people to look at before they confirm. */
        ImportSample: {
            /** Format: uint32 */
            row: number;
            key: string;
            change: string;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page5: {
            items: components["schemas"]["ImportFaultView"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A fault of a row, as it is listed. */
        ImportFaultView: {
            /**
             * Format: int64
             * @description Its number in the file.
             */
            row: number;
            /** @description The register's column; empty when it is the row as a whole. */
            column: string;
            /** @description Stable, kebab-case; screens have words for it: `missing`, `duplicate`, `date`. */
            code: string;
            seen: string;
            expected: string;
        };
        /** @description What the node says of itself to anybody. */
        NodeView: {
            name: string;
            region: string;
            region_name: string | null;
            tier: components["schemas"]["Tier"];
            demo: boolean;
            /** @description The three officers are not all appointed yet. */
            first_start: boolean;
            version: string;
            /** Format: date-time */
            now: string;
            map_credit: string;
            notice: string;
        };
        /**
         * @description The tier that a division code names.
         * @enum {string}
         */
        Tier: "village" | "town" | "county" | "city" | "province";
        /** @description A session as its holder sees it. */
        SessionView: {
            person: components["schemas"]["PersonRef"];
            account: string;
            /** @description Codes of permissions, over whatever region. */
            permissions: string[];
            roles: components["schemas"]["HeldRole"][];
            /** @description The roots of what the holder may see: divisions, */
            regions: string[];
            /** @description and organisations. */
            orgs: string[];
            post: string | null;
            csrf: string;
            must_change_password: boolean;
            /** Format: int64 */
            idle_minutes: number;
        };
        PersonRef: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        HeldRole: {
            role: string;
            region: string | null;
            /** Format: uuid */
            org: string | null;
        };
        /** @description The offices of a node that is being started for the first time. */
        FirstStart: {
            officers: components["schemas"]["OfficeState"][];
        };
        OfficeState: {
            office: components["schemas"]["Office"];
            claimed: boolean;
        };
        /** @description One of the three offices. */
        Office: "system" | "security" | "audit";
        Claimed: {
            office: components["schemas"]["Office"];
            claimed: boolean;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page6: {
            items: components["schemas"]["Organisation"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description An organisation as the API gives it. */
        Organisation: {
            /** Format: uuid */
            id: string;
            name: string;
            kind: components["schemas"]["OrganisationKind"];
            /**
             * Format: uuid
             * @description The one above it.
             */
            parent: string | null;
            /** @description The division it lies in. */
            region: string | null;
            /** @description It exists no more; what it did stays. */
            closed: boolean;
        };
        /** @description What an organisation is. */
        OrganisationKind: "agency" | "department" | "force" | "enterprise" | "other";
        /** @description A page of a list, sorted by (indexed column, id). */
        Page7: {
            items: components["schemas"]["Account"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description An account as the API gives it. */
        Account: {
            /** Format: uuid */
            id: string;
            account: string;
            /** Format: uuid */
            person: string;
            name: string;
            office: components["schemas"]["Office"] | null;
            state: components["schemas"]["State2"];
            grants: components["schemas"]["AccountGrant"][];
        };
        /** @enum {string} */
        State2: "active" | "disabled";
        /** @description A role that an account holds over a region or an organisation. */
        AccountGrant: {
            /** Format: uuid */
            id: string;
            role: string;
            role_word: string;
            /** @description Either this, */
            region: string | null;
            /**
             * Format: uuid
             * @description or this.
             */
            org: string | null;
            org_name: string | null;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page8: {
            items: components["schemas"]["RoleDefinition"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A role got its name and permissions, or new ones. */
        RoleDefinition: {
            /** @description Stable: `duty_officer`. */
            role: string;
            /** @description The Chinese name: 值班员. */
            word: string;
            /** @description Codes of permissions that the parts of this program declare. */
            permissions: string[];
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page9: {
            items: components["schemas"]["Permission"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page10: {
            items: components["schemas"]["TrailLine"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description An entry of the trail, as the auditor reads it. */
        TrailLine: {
            /** Format: int64 */
            seq: number;
            /**
             * Format: date-time
             * @description By the machine's clock.
             */
            at: string;
            kind: string;
            /** @description Who did it; `null` when nobody was signed in, or the node did it itself. */
            actor: string | null;
            /** @description Through which way it was done, as in the log. */
            via: string;
            account: string | null;
            source: string | null;
            /**
             * Format: uint64
             * @description How many of the same this line stands for.
             */
            count: number;
            /** @description What the note tells, by its kind; empty when it does not read. */
            data: {
                [key: string]: unknown;
            };
            /** @description What it is about, if that is something that can be looked at. */
            subject: components["schemas"]["TrailSubject"] | null;
            /** @description Whom it concerns, beside who did it. */
            concerns: components["schemas"]["TrailPerson"] | null;
            /** @description Why there is nothing but its header. */
            silent: components["schemas"]["Silent"] | null;
        };
        /** @description What a note is about. */
        TrailSubject: {
            /** @description The noun, as in `intake`. */
            noun: string;
            /** Format: uuid */
            id: string;
        };
        /** @description Whom a note concerns. */
        TrailPerson: {
            /** Format: uuid */
            person: string;
            /** @description `None` for somebody whom this node does not know. */
            name: string | null;
        };
        /** @description Why a fact has no sentence. */
        Silent: "closed" | "newer" | "unread";
        /** @description A page of a list, sorted by (indexed column, id). */
        Page11: {
            items: components["schemas"]["FactLine"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A fact as screens and the duty log show it. */
        FactLine: {
            /** Format: int64 */
            seq: number;
            /** Format: uuid */
            id: string;
            kind: string;
            /** Format: uint32 */
            version: number;
            /** Format: uuid */
            subject: string;
            region: string | null;
            /** Format: uuid */
            org: string | null;
            class: components["schemas"]["Class"];
            actor: components["schemas"]["FactActor"] | null;
            via: string;
            basis: string | null;
            /** Format: uuid */
            cause: string | null;
            /** Format: uuid */
            correlation: string;
            origin: string;
            /** Format: date-time */
            occurred: string;
            /** Format: date-time */
            at: string;
            /** Format: date-time */
            recorded: string;
            summary: components["schemas"]["Summary"] | null;
            /** @description Why there is no summary. */
            silent: components["schemas"]["Silent"] | null;
            hash_sm3: string;
            /**
             * @description Who owns the subject, when the node that wrote this did not: nothing was changed
             *     by it.
             */
            conflict: string | null;
            /**
             * @description Why an entry of another node changed nothing here: `outside`, `unread`, or
             *     `refused: ` and what the database said.
             */
            unapplied: string | null;
        };
        /** @description Who did it. */
        FactActor: {
            /** Format: uuid */
            person: string;
            /** @description `None` for somebody whom this node does not know. */
            name: string | null;
            post: string | null;
            /** Format: uuid */
            org: string | null;
            /** Format: uuid */
            on_behalf: string | null;
        };
        /** @description What a fact looks like in a list, on a live screen and in the duty log. */
        Summary: {
            /** @description One Chinese sentence without a full stop. */
            title: string;
        } & {
            [key: string]: unknown;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page12: {
            items: components["schemas"]["BookContact"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A contact as the API gives it. */
        BookContact: {
            /**
             * Format: uuid
             * @description Somebody in the contact book; the key of mobile and e-mail is theirs.
             */
            id: string;
            /**
             * Format: int64
             * @description Goes up with each change; a change says which one was read.
             */
            revision: number;
            name: string;
            /** @description 职务与责任. */
            duty: string;
            region: string | null;
            region_name: string | null;
            /** Format: uuid */
            organisation: string | null;
            organisation_name: string | null;
            /**
             * Format: uuid
             * @description Whose account tells them inside.
             */
            person: string | null;
            /** @description What that account's holder is called now. */
            person_name: string | null;
            has_mobile: boolean;
            has_email: boolean;
            /**
             * @description Masked, or whole where it was asked for and noted; `null` when the key is not on
             *     this node or was destroyed.
             */
            address: components["schemas"]["ContactAddress"] | null;
            retired: boolean;
            reason: string | null;
            /** Format: date-time */
            entered_at: string;
        };
        /** @description A mobile number and an e-mail address, of which either may be missing. */
        ContactAddress: {
            /**
             * @description Digits, after a `+` for one abroad; typed with spaces, hyphens and `+86` it is
             *     kept without.
             */
            mobile: string | null;
            email: string | null;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page13: {
            items: components["schemas"]["Holder"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description Somebody who holds a permission over a region. */
        Holder: {
            /** Format: uuid */
            person: string;
            name: string;
            /** @description Where they hold it; the first by code when they hold it in several places. */
            region: string;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page14: {
            items: components["schemas"]["Region"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A region as the API gives it. */
        Region: {
            code: string;
            name: string;
            name_en: string | null;
            tier: components["schemas"]["Tier"];
            /**
             * @description The region it reports to. Usually its parent division, not always:
             *     梅河口 reports to the province.
             */
            parent: string | null;
            /** @description A point inside, for its label: longitude, latitude. */
            label: [
                number,
                number
            ] | null;
            /** @description West, south, east, north. */
            bbox: [
                number,
                number,
                number,
                number
            ] | null;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page15: {
            items: components["schemas"]["RegionSpell"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description One code with one name under one parent, for as long as that was so. */
        RegionSpell: {
            code: string;
            name: string;
            name_en: string | null;
            tier: components["schemas"]["Tier"];
            /** @description What it reported to. Not always the division that its digits begin with. */
            parent: string | null;
            /**
             * Format: date
             * @description The first day; `null` when nobody says.
             */
            valid_from: string | null;
            /**
             * Format: date
             * @description The first day on which it was so no more; `null` while it lasts.
             */
            valid_to: string | null;
            /** @description The code that came after it, once it ended. */
            succeeded_by: string | null;
            source: string;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page16: {
            items: components["schemas"]["RegionAt"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A region that a place lies in. */
        RegionAt: {
            code: string;
            name: string;
            /**
             * Format: double
             * @description Of its boundary, on the ellipsoid.
             */
            area_km2: number;
            /** @description Who published the boundary. */
            source: string;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page17: {
            items: components["schemas"]["BoundaryInForce"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A boundary as the register has it. */
        BoundaryInForce: {
            code: string;
            name: string;
            tier: components["schemas"]["Tier"];
            /** @description The first day; `null` when nobody says. */
            valid_from: string | null;
            /** @description The first day of the one after it; `null` while it is the newest. */
            valid_to: string | null;
            /** Format: double */
            area_km2: number;
            /** Format: int64 */
            points: number;
            /** @description West, south, east, north. */
            bbox: [
                number,
                number,
                number,
                number
            ];
            /** @description What the file's coordinates were said to be measured against. */
            datum: components["schemas"]["Datum"];
            source: string;
            /** @description SHA-256 of the file, hex. */
            file: string;
        };
        /**
         * @description What a pair of numbers is measured against.
         *
         *     | datum | what it is | confidence of the formula |
         *     | --- | --- | --- |
         *     | `cgcs2000` | EPSG:4490, the state's own: ITRF97 at epoch 2000.0 | ours; nothing to convert |
         *     | `wgs84` | EPSG:4326, what receivers and Beidou's civil modules give | taken as CGCS2000: the ellipsoids differ by 0.1 mm, and the frames by what the plate moved since 2000, below 1 m |
         *     | `gcj02` | the obfuscated datum of public maps (AutoNavi, Tencent) | the formula is known from published implementations only, never from a standard; they agree to 1e-9° |
         *     | `bd09` | Baidu longitude and latitude (BD-09LL): GCJ-02 shifted again | the same |
         *     | `bd09mc` | Baidu's metres (BD-09MC) | the published tables of Baidu's own map script |
         * @enum {string}
         */
        Datum: "cgcs2000" | "wgs84" | "gcj02" | "bd09" | "bd09mc";
        /** @description A file of boundaries as it was looked at, or taken. */
        Boundaries: {
            /** @description SHA-256 of the file, hex. */
            file: string;
            /** @description `geojson` or `shapefile`. */
            format: string;
            datum: components["schemas"]["Datum"];
            /** @description The attribute that the codes were read from, and all that there are. */
            attribute: string;
            attributes: string[];
            /** @description Whether what can be taken was. */
            taken: boolean;
            counts: components["schemas"]["BoundaryCounts"];
            features: components["schemas"]["BoundaryLooked"][];
            /** @description When that was asked. */
            drawing: components["schemas"]["BoundaryDrawing"] | null;
        };
        /** @description Features by what becomes of them. */
        BoundaryCounts: {
            /** Format: uint */
            added: number;
            /** Format: uint */
            changed: number;
            /** Format: uint */
            same: number;
            /** Format: uint */
            refused: number;
        };
        /** @description One feature as it was looked at. */
        BoundaryLooked: {
            /**
             * Format: uint
             * @description Its place in the file, from 1.
             */
            number: number;
            /** @description The division code, where it reads as one. */
            code: string | null;
            /** @description What the register calls the region. */
            name: string | null;
            /** Format: double */
            area_km2: number | null;
            /** Format: uint */
            points: number;
            /** @description What it would do; `null` when it is refused. */
            change: components["schemas"]["Change"] | null;
            /** @description Why it is refused. */
            faults: components["schemas"]["ImportFault"][];
            /** @description What does not refuse it and should be looked at. */
            notices: components["schemas"]["ImportFault"][];
        };
        /** @description What a row does to the register. */
        Change: ("new" | "changed") | "same";
        /** @description One thing that is wrong with a row. */
        ImportFault: {
            /** @description The register's column; empty when it is the row as a whole. */
            column: string;
            /** @description Stable, kebab-case; screens have words for it: `missing`, `duplicate`, `date`. */
            code: string;
            seen: string;
            expected: string;
        };
        /** @description How features of a file look. */
        BoundaryDrawing: {
            features: components["schemas"]["BoundaryDrawn"][];
            /**
             * Format: uint
             * @description Features that were left out, once the drawing was full.
             */
            left_out: number;
        };
        /** @description A region's outline in a file, and the one that it would take the place of. */
        BoundaryDrawn: {
            code: string;
            new: [
                number,
                number
            ][][];
            /** @description As it stands on that day; empty where nothing was brought before. */
            old: [
                number,
                number
            ][][];
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page18: {
            items: components["schemas"]["CalendarDay"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description What a day is, and whether a notice says so. */
        CalendarDay: {
            /** Format: date */
            date: string;
            is_workday: boolean;
            why: components["schemas"]["Why2"];
            /** @description No notice is known that could say otherwise. */
            provisional: boolean;
        };
        /** @description Why a day is one of work or of rest. */
        Why2: ("weekday" | "weekend") | {
            holiday: string;
        } | {
            make_up: string;
        } | {
            by_law: string;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page19: {
            items: components["schemas"]["NoticeView"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A notice, and whether somebody loaded it here. */
        NoticeView: {
            /** Format: int16 */
            year: number;
            /** @description Its name, as published. */
            title: string;
            /** @description Its number (文号), where known. */
            document: string;
            /** @description Who gave us the days. */
            source: string;
            /** @description When or in which state the source was read. */
            edition: string;
            /** @description How sure we are, and of what not. */
            confidence: string;
            spans: components["schemas"]["Span"][];
            /**
             * Format: date-time
             * @description `null`: the program came with it.
             */
            loaded_at: string | null;
        };
        /** @description Days in a row that are alike. */
        Span: {
            kind: components["schemas"]["SpanKind"];
            /** Format: date */
            from: string;
            /**
             * Format: date
             * @description The last day of it.
             */
            to: string;
            /** @description Which holiday it belongs to. */
            holiday: string;
        };
        SpanKind: "rest" | "work";
        /** @description A notice that is not loaded, and its year by it. */
        LookedView: {
            notice: components["schemas"]["NoticeView"];
            /** @description Every day of its year. */
            days: components["schemas"]["CalendarDay"][];
            /** @description The days, also of the December before, that become other ones. */
            changed: string[];
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page20: {
            items: components["schemas"]["Layer"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A layer of the base map. */
        Layer: {
            id: string;
            name: string;
            name_en: string;
            /** @description `fill`, `line`, `point` or `image`. */
            kind: string;
            url: string;
            source: string;
            licence: string;
            /** @description Of what the binary carries; empty for what was brought. */
            edition: string;
            /** @description Corners of an image, north-west first, clockwise. */
            coordinates: [
                [
                    number,
                    number
                ],
                [
                    number,
                    number
                ],
                [
                    number,
                    number
                ],
                [
                    number,
                    number
                ]
            ] | null;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page21: {
            items: components["schemas"]["Enterprise"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description An enterprise as the API gives it. */
        Enterprise: {
            /**
             * Format: uuid
             * @description An enterprise.
             */
            id: string;
            /**
             * Format: int64
             * @description Goes up with each change; a change says which one was read.
             */
            revision: number;
            name: string;
            short_name: string | null;
            credit_code: string;
            industry: string | null;
            kinds: components["schemas"]["EnterpriseKind"][];
            address: string | null;
            place: components["schemas"]["Located"] | null;
            access_code: string | null;
            /** Format: uuid */
            organisation: string | null;
            /** Format: uuid */
            supervisor: string | null;
            /** @description What the supervising organisation was called then. */
            supervisor_name: string | null;
            region: string | null;
            region_name: string | null;
            /** @description What its own organisation is called now. */
            organisation_name: string | null;
            state: components["schemas"]["RegisterState"] | null;
            /**
             * Format: date
             * @description In that state since this day, in Beijing.
             */
            since: string | null;
            reason: string | null;
            /** Format: date-time */
            registered_at: string;
            /** @description Sites of it that are not closed and that the caller sees, by kind. */
            sites: {
                [key: string]: number;
            };
            /** @description Who is to be called, masked; only for one, and as it is now. */
            contacts: components["schemas"]["Contact"][] | null;
        };
        /**
         * @description Why it is watched: the trades of plan task (一)1, and what else a county watches. It
         *     may be several.
         */
        EnterpriseKind: "coal_mine" | "non_coal_mine" | "tailings" | "hazchem" | "fireworks" | "industry" | "other";
        /**
         * @description A place as we use it, and as it was given.
         *
         *     Both are kept, because a conversion may be found wrong later and the given
         *     numbers are what the paper says. No invariant ties them in a stored fact:
         *     `point` is what was decided then.
         */
        Located: {
            /** @description In CGCS2000. */
            point: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            };
            /**
             * @description The two numbers as given: longitude and latitude in degrees, or metres
             *     east and north for `bd09mc`.
             */
            original: [
                number,
                number
            ];
            /** @description What `original` is measured against. */
            datum: components["schemas"]["Datum"];
        };
        /** @description Where it stands. */
        RegisterState: "planned" | "operating" | "suspended" | "closed";
        /** @description A contact as the API gives it. */
        Contact: {
            /**
             * Format: uuid
             * @description A person to be called at an enterprise; the key is theirs.
             */
            id: string;
            duty: components["schemas"]["ContactDuty"];
            /**
             * @description Masked, or whole where it was asked for and noted; `null` when the key is not on
             *     this node or was destroyed.
             */
            person: components["schemas"]["ContactPerson"] | null;
            /** @description The key was destroyed: nobody reads it again. */
            destroyed: boolean;
        };
        /** @description What they are called for. */
        ContactDuty: "head" | "safety" | "technical" | "on_duty" | "other";
        /** @description A name and a number: personal data. */
        ContactPerson: {
            /** @description 1 to 40 characters. */
            name: string;
            /** @description 3 to 32 characters: digits, `+`, hyphens and spaces. */
            phone: string;
        };
        /** @description Places for a map, all at once. */
        PointsOfEnterprisePoint: {
            items: components["schemas"]["EnterprisePoint"][];
            /** @description There are more than can be drawn: the oldest of the register are here. */
            more: boolean;
        };
        /** @description An enterprise as a map draws it. */
        EnterprisePoint: {
            /**
             * Format: uuid
             * @description An enterprise.
             */
            id: string;
            /** @description Its short name, where it has one. */
            name: string;
            /**
             * @description A point in CGCS2000 (EPSG:4490), numerically WGS-84 at our scales.
             *
             *     Degrees, longitude first; `-180 <= lon <= 180`, `-90 <= lat <= 90`, both finite.
             */
            point: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            };
            state: components["schemas"]["RegisterState"];
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page22: {
            items: components["schemas"]["VersionOfEnterpriseDescription"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A record from one fact on. */
        VersionOfEnterpriseDescription: {
            /** Format: int64 */
            seq: number;
            /**
             * Format: date-time
             * @description When it was recorded, by the world's clock of the node that did.
             */
            at: string;
            kind: string;
            title: string;
            /** @description Who did it; `null` is the system itself, or somebody whom this node does not know. */
            by: string | null;
            region: string | null;
            /** @description The fields that became other ones. */
            changed: string[];
            /** @description What was said of it from then on; `null` where the fact that said it is closed here. */
            description: components["schemas"]["EnterpriseDescription"] | null;
            state: components["schemas"]["RegisterState"] | null;
            /** Format: date */
            since: string | null;
            reason: string | null;
        };
        /** @description What is said of an enterprise, checked; its region is the fact's own. */
        EnterpriseDescription: {
            name: string;
            short_name: string | null;
            credit_code: string;
            industry: string | null;
            kinds: components["schemas"]["EnterpriseKind"][];
            address: string | null;
            place: components["schemas"]["Located"] | null;
            access_code: string | null;
            /** Format: uuid */
            organisation: string | null;
            /** Format: uuid */
            supervisor: string | null;
            /** @description What the supervising organisation was called then. */
            supervisor_name: string | null;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page23: {
            items: components["schemas"]["Contact"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page24: {
            items: components["schemas"]["Site"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A site as the API gives it. */
        Site: {
            /**
             * Format: uuid
             * @description A site: a mine, a pond, a hazard source, a tank.
             */
            id: string;
            /**
             * Format: int64
             * @description Goes up with each change; a change says which one was read.
             */
            revision: number;
            kind: components["schemas"]["SiteKind"];
            name: string;
            code: string;
            address: string | null;
            place: components["schemas"]["Located"] | null;
            /**
             * Format: uuid
             * @description A site: a mine, a pond, a hazard source, a tank.
             */
            part_of: string | null;
            particulars: components["schemas"]["SiteParticulars"];
            /**
             * Format: uuid
             * @description An enterprise.
             */
            enterprise: string;
            enterprise_name: string | null;
            /** @description What the hazard source that it is in is called now. */
            part_of_name: string | null;
            region: string | null;
            region_name: string | null;
            state: components["schemas"]["RegisterState"] | null;
            /**
             * Format: date
             * @description In that state since this day, in Beijing.
             */
            since: string | null;
            reason: string | null;
            /** Format: date-time */
            registered_at: string;
            /**
             * Format: uint8
             * @description Its grade as filed, 1 the gravest, where its kind has one.
             */
            grade: number | null;
            /**
             * Format: uint8
             * @description What the figures give, where the standard says so: a pond's V and H (GB 50863).
             */
            computed_grade: number | null;
        };
        /** @description What stands there. */
        SiteKind: "mine" | "pond" | "hazard_source" | "tank" | "fireworks_building";
        /** @description What is said of it, by its kind. */
        SiteParticulars: {
            mine: components["schemas"]["Mine"];
        } | {
            pond: components["schemas"]["TailingsPond"];
        } | {
            hazard_source: components["schemas"]["HazardSource"];
        } | {
            tank: components["schemas"]["Tank"];
        } | {
            fireworks_building: components["schemas"]["FireworksBuilding"];
        };
        /** @description What is said of a mine. */
        Mine: {
            mineral: components["schemas"]["Mineral"];
            method: components["schemas"]["MiningMethod"];
            /** @description Of an underground coal mine, and of no other. */
            gas_grade: components["schemas"]["GasGrade"] | null;
            /**
             * Format: uint32
             * @description How many people may be underground at once (核定井下人数, in the header of `RYXX`
             *     of 42号文 annex 2): 1 to 20 000; an underground mine has it.
             */
            approved_people: number | null;
            /**
             * Format: double
             * @description Approved output, tonnes a year: 1 to 1e9.
             */
            capacity_t: number | null;
            /**
             * Format: double
             * @description Depth of mining below ground, m: 0 to 3 000.
             */
            depth_m: number | null;
        };
        Mineral: "coal" | "metal" | "non_metal";
        MiningMethod: "underground" | "open_pit" | "both";
        /** @description 矿井瓦斯等级 (煤矿安全规程). */
        GasGrade: "low" | "high" | "outburst";
        /** @description What is said of a tailings pond. Levels are heights above the 1985 national datum, m. */
        TailingsPond: {
            dam: components["schemas"]["DamMethod"];
            /**
             * Format: double
             * @description Dam height H of this period of use, m: 1 to 400.
             */
            height_m: number;
            /**
             * Format: double
             * @description Whole storage V of this period of use, m³: 1 to 1e10.
             */
            volume_m3: number;
            /**
             * Format: uint8
             * @description 等别 as filed, 1 to 5; what V and H give is shown beside it.
             */
            grade: number;
            /**
             * Format: double
             * @description Crest now, m.
             */
            crest_m: number | null;
            /**
             * Format: double
             * @description Crest when it will be full, m; not below the crest now.
             */
            final_crest_m: number | null;
            /**
             * Format: double
             * @description Highest flood level of the design, m; not above the crest.
             */
            flood_level_m: number | null;
            /**
             * Format: double
             * @description Level to be kept before the flood season, m; not above the flood level.
             */
            control_level_m: number | null;
            /**
             * Format: double
             * @description Least freeboard of the design, m: 0 to 50.
             */
            min_freeboard_m: number | null;
            /**
             * Format: double
             * @description Least dry beach of the design, m: 0 to 5 000.
             */
            min_beach_m: number | null;
            /**
             * Format: double
             * @description Control depth of the phreatic line below the face, m: 0 to 100.
             */
            min_phreatic_depth_m: number | null;
            /**
             * Format: double
             * @description Most rise of the dam in a year by the design, m: 0 to 50.
             */
            max_rise_m: number | null;
            /**
             * Format: uint32
             * @description People who live within 1 km below the dam; more than none makes it a 头顶库.
             */
            people_downstream: number | null;
        };
        /** @description How the dam is built (堆坝方式). */
        DamMethod: "upstream" | "centre_line" | "downstream" | "one_step" | "dry";
        /** @description What is said of a hazard source. */
        HazardSource: {
            unit: components["schemas"]["HazardUnit"];
            /** @description 1 to 64 substances, by their design maxima. */
            substances: components["schemas"]["Substance"][];
            /**
             * Format: uint32
             * @description People within 500 m of its edge, who decide α: 0 to 1 000 000.
             */
            people_within_500_m: number | null;
            /**
             * Format: uint8
             * @description 级别 as filed, 1 to 4; nothing while it is not.
             */
            grade: number | null;
            /**
             * Format: double
             * @description R as filed: 0 to 100 000.
             */
            r: number | null;
            /** @description 备案编号, at most 64 characters. */
            filing_number: string | null;
            /** @description The day of the filing, and the day it runs out. */
            filed_on: string | null;
            valid_until: string | null;
        };
        /** @description What kind of unit (GB 18218-2018, clause 3). */
        HazardUnit: "tank_farm" | "warehouse" | "production";
        /** @description A dangerous substance, and how much of it may be there. */
        Substance: {
            /** @description 1 to 64 characters. */
            name: string;
            /** @description What decides when names differ; a mixture has none. */
            cas: string | null;
            /**
             * Format: double
             * @description Design maximum q, tonnes: above 0, to 1e7. Not what is there today.
             */
            design_max_t: number;
        };
        /** @description What is said of a tank. Pressures are gauge pressures. */
        Tank: {
            /** @description What it is for, 1 to 64 characters. */
            medium: string;
            /** @description The medium's CAS number; a mixture has none. */
            cas: string | null;
            shape: components["schemas"]["TankShape"];
            roof: components["schemas"]["TankRoof"] | null;
            /**
             * Format: double
             * @description Inside, m: 0.1 to 150.
             */
            diameter_m: number | null;
            /**
             * Format: double
             * @description Of the shell, or the length of one that lies, m: 0.1 to 100.
             */
            height_m: number | null;
            /**
             * Format: double
             * @description Nominal, m³: above 0, to 300 000.
             */
            volume_m3: number;
            /**
             * Format: double
             * @description Most that may be in it by the design, t: above 0, to 300 000.
             */
            design_max_t: number | null;
            /**
             * Format: double
             * @description Levels of the design above the floor, m; the upper within the tank.
             */
            level_min_m: number | null;
            /** Format: double */
            level_max_m: number | null;
            /**
             * Format: double
             * @description Pressures of the design, kPa: -101.325 to 100 000.
             */
            pressure_min_kpa: number | null;
            /** Format: double */
            pressure_max_kpa: number | null;
            /**
             * Format: double
             * @description Temperatures of the design, °C: -273.15 to 1 000.
             */
            temperature_min_c: number | null;
            /** Format: double */
            temperature_max_c: number | null;
        };
        TankShape: "vertical" | "horizontal" | "sphere" | "other";
        TankRoof: "fixed" | "external_floating" | "internal_floating";
        /** @description What is said of a building of a fireworks works. */
        FireworksBuilding: {
            use: components["schemas"]["FireworksUse"];
            /** @description 危险等级 of the building. */
            hazard_class: components["schemas"]["FireworksHazardClass"];
            /** @description What is done in it, at most 64 characters: 装药, 混药, 成品. */
            process: string | null;
            /**
             * Format: uint32
             * @description 定员: 1 to 200; a workshop has it.
             */
            rated_people: number | null;
            /**
             * Format: double
             * @description 定量 of charge, kg: above 0, to 1 000 000; a store has it.
             */
            rated_charge_kg: number | null;
        };
        FireworksUse: "workshop" | "transit" | "store";
        FireworksHazardClass: "1.1-1" | "1.1-2" | "1.3";
        /** @description Places for a map, all at once. */
        PointsOfSitePoint: {
            items: components["schemas"]["SitePoint"][];
            /** @description There are more than can be drawn: the oldest of the register are here. */
            more: boolean;
        };
        /** @description A site as a map draws it. */
        SitePoint: {
            /**
             * Format: uuid
             * @description A site: a mine, a pond, a hazard source, a tank.
             */
            id: string;
            kind: components["schemas"]["SiteKind"];
            name: string;
            /**
             * @description A point in CGCS2000 (EPSG:4490), numerically WGS-84 at our scales.
             *
             *     Degrees, longitude first; `-180 <= lon <= 180`, `-90 <= lat <= 90`, both finite.
             */
            point: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            };
            state: components["schemas"]["RegisterState"];
            /**
             * Format: int64
             * @description As filed, 1 the gravest, where its kind has one.
             */
            grade: number | null;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page25: {
            items: components["schemas"]["VersionOfSiteDescription"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A record from one fact on. */
        VersionOfSiteDescription: {
            /** Format: int64 */
            seq: number;
            /**
             * Format: date-time
             * @description When it was recorded, by the world's clock of the node that did.
             */
            at: string;
            kind: string;
            title: string;
            /** @description Who did it; `null` is the system itself, or somebody whom this node does not know. */
            by: string | null;
            region: string | null;
            /** @description The fields that became other ones. */
            changed: string[];
            /** @description What was said of it from then on; `null` where the fact that said it is closed here. */
            description: components["schemas"]["SiteDescription"] | null;
            state: components["schemas"]["RegisterState"] | null;
            /** Format: date */
            since: string | null;
            reason: string | null;
        };
        /** @description What is said of a site, checked; its region is the fact's own. */
        SiteDescription: {
            name: string;
            code: string;
            address: string | null;
            place: components["schemas"]["Located"] | null;
            /**
             * Format: uuid
             * @description A site: a mine, a pond, a hazard source, a tank.
             */
            part_of: string | null;
            particulars: components["schemas"]["SiteParticulars"];
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page26: {
            items: components["schemas"]["ProtocolDetails"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A protocol as the API gives it. */
        ProtocolDetails: {
            protocol: components["schemas"]["Protocol"];
            /** @description Short: `SL 651`. */
            word: string;
            /** @description With its edition: `SL 651-2014`. */
            standard: string;
            /**
             * @description Where its devices connect to, as this node sees itself: `127.0.0.1:7651`; `null`
             *     when they do not, or the door is closed.
             */
            tcp: string | null;
            /** @description Where they may send whole messages: `http://127.0.0.1:7702/ingest/…`. */
            http: string | null;
            /** @description What a station's password is; `null` when its messages carry none. */
            password: components["schemas"]["PasswordForm"] | null;
            /** @description Whether nothing is taken of a station without a key. */
            needs_key: boolean;
            /** @description Whether devices name points as they like, beyond the elements. */
            open: boolean;
            /** @description What a sensor may be registered for, in the order of the standard. */
            elements: components["schemas"]["ProtocolElement"][];
        };
        /** @description How a station speaks. */
        Protocol: "sl651" | "coal42" | "json" | "gateway";
        /** @description What a password is in a protocol, for who types one. */
        PasswordForm: {
            /** @description What is expected, in Chinese: `4 位十六进制`. */
            word: string;
            /** @description The same in English. */
            word_en: string;
            /**
             * Format: uint
             * @description Characters, at most.
             */
            longest: number;
        };
        /** @description An element of a protocol as the API gives it. */
        ProtocolElement: {
            code: string;
            word: string;
            word_en: string;
            quantity: components["schemas"]["Quantity"];
            unit: string;
            /** @description Whether stations usually send it. */
            common: boolean;
            /** @description Classes of stations that usually measure it. */
            usual_for: components["schemas"]["StationClass"][];
        };
        /** @description A measured quantity; its unit is fixed, so a number never travels without one. */
        Quantity: "water_level" | "discharge" | "rain_amount" | "rain_total" | "rain_rate" | "voltage" | "air_temperature" | "water_temperature" | "pressure" | "wind_speed" | "wind_direction" | "flow_velocity" | "groundwater_depth" | "soil_moisture" | "gate_opening" | "evaporation" | "methane" | "carbon_monoxide" | "hydrogen_sulfide" | "oxygen" | "carbon_dioxide" | "dust" | "stress" | "displacement" | "head_count" | "open_alarms" | "switch_state" | "liquid_level" | "gauge_pressure" | "medium_temperature" | "volume_flow" | "intensity" | "combustible_gas" | "status_word";
        /**
         * @description What kind of station: those of waters are SL 651-2014's (annex A); those of work
         *     safety stand for the host or gateway of a whole enterprise.
         * @enum {string}
         */
        StationClass: "river" | "reservoir" | "rain" | "gate" | "pump" | "tide" | "soil" | "groundwater" | "quality" | "intake" | "outlet" | "mine" | "chemical" | "tailings" | "fireworks" | "slope" | "weather" | "other";
        /** @description A page of a list, sorted by (indexed column, id). */
        Page27: {
            items: components["schemas"]["WayIn"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description One way to send to this node. */
        WayIn: {
            kind: components["schemas"]["WayKind"];
            /** @description `127.0.0.1:7651`, a URL, or a folder. */
            address: string;
            /** @description MQTT's topic. */
            topic: string | null;
            /** @description The name of a file, where the name is part of what is said. */
            file: string | null;
            /** @description A message as it may look, of one point. */
            example: string | null;
            /**
             * @description A line for a shell that sends a whole message without any reading, to prove the
             *     way. `{KEY}` stands for the station's key, `{KEY:3}` for its third word.
             */
            command: string | null;
        };
        /**
         * @description By what a message travels.
         * @enum {string}
         */
        WayKind: "tcp" | "mqtt" | "http" | "folder";
        /** @description A page of a list, sorted by (indexed column, id). */
        Page28: {
            items: components["schemas"]["Station"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A station as the API gives it. */
        Station: {
            /**
             * Format: uuid
             * @description A station.
             */
            id: string;
            code: string;
            name: string;
            class: components["schemas"]["StationClass"];
            /** @description The Chinese name of the class. */
            class_word: string;
            region: string;
            region_name: string;
            river: string | null;
            /** @description In CGCS2000. */
            point: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            } | null;
            /** @description The place as it was given, with its datum; `null` also where that was not kept. */
            original: components["schemas"]["Coordinates"] | null;
            protocol: components["schemas"]["Protocol"];
            /** @description The protocol's short name: `SL 651`. */
            protocol_word: string;
            /** Format: int64 */
            period_s: number;
            /**
             * Format: int64
             * @description For so many seconds it may say nothing before it is silent.
             */
            silent_after_s: number;
            /** @description Where that number is from: a source of `patience.json`, or `person`. */
            patience_source: string;
            /**
             * Format: date-time
             * @description Nobody waits for it until then.
             */
            paused_until: string | null;
            status: components["schemas"]["StationStatus"];
            status_word: string;
            /** Format: date-time */
            registered_at: string;
            /** Format: date-time */
            last_contact: string | null;
            /** @description `null` while too little is known, and of protocols that do not say when they send. */
            clock: components["schemas"]["StationClock"] | null;
            /**
             * Format: uuid
             * @description What of the registers it stands at.
             */
            site: string | null;
            /** @description Whether points that its host defines become sensors by themselves. */
            adopts: boolean;
            /** @description Whether messages must be proved by a password or a key. */
            has_password: boolean;
            sensors: components["schemas"]["Sensor"][];
            /** @description Values that came and became no reading, newest first; only for one station. */
            omissions: components["schemas"]["Omission"][] | null;
        };
        /** @description A place as it is written on the paper: two numbers and what they are measured against. */
        Coordinates: {
            /** @description Longitude and latitude in degrees; metres east and north for `bd09mc`. */
            original: [
                number,
                number
            ];
            datum: components["schemas"]["Datum"];
        };
        /** @description How a station's line is doing, from its last contact and what is expected of it. */
        StationStatus: "online" | "stale" | "silent" | "never";
        /** @description The clock of a station as the API gives it. */
        StationClock: {
            /**
             * Format: int64
             * @description So much it is ahead of this node's, in ms; below zero: behind. The median of the
             *     newest minutes in which it said when it sent.
             */
            ahead_ms: number;
            /** Format: date-time */
            measured_at: string;
            /**
             * Format: int64
             * @description From more than so many seconds on it is too far.
             */
            limit_s: number;
            /** @description The source of that number in `clock.json`. */
            limit_source: string;
            is_off: boolean;
        };
        /** @description A sensor as the API gives it. */
        Sensor: {
            /**
             * Format: uuid
             * @description A sensor of a station; its series goes by this id.
             */
            id: string;
            /**
             * Format: uuid
             * @description A station.
             */
            station: string;
            quantity: components["schemas"]["Quantity"];
            unit: string;
            word: string;
            kind: components["schemas"]["SeriesKind"];
            element: string;
            /** @description The Chinese name of the element in its standard. */
            element_word: string;
            /** @description How what is sent becomes a reading. */
            mapping: components["schemas"]["Mapping"];
            /** @description Whether a person has set what is checked of it; see `/api/sensors/{id}/checks`. */
            checks_set: boolean;
            /**
             * Format: date-time
             * @description Since when it takes no more readings.
             */
            retired_at: string | null;
            latest: components["schemas"]["Latest"] | null;
            /** Format: int64 */
            period_s: number;
        };
        /** @description How a series behaves, which decides how it may be summed up. */
        SeriesKind: "gauge" | "counter" | "amount" | "state" | "direction";
        /**
         * @description How what a device sends of a point becomes a reading: the value on the wire times
         *     `factor` plus `shift`, in the unit of the sensor's quantity.
         *
         *     A reading outside `low..=high` is kept, and uncertain by our check.
         */
        Mapping: {
            /**
             * @description Where or what it measures: `1301综采工作面T1`.
             * @default null
             */
            name: string | null;
            /**
             * Format: double
             * @default 1
             */
            factor: number;
            /**
             * Format: double
             * @default 0
             */
            shift: number;
            /**
             * Format: double
             * @description The least that the device can measure, in the quantity's unit.
             * @default null
             */
            low: number | null;
            /**
             * Format: double
             * @description The most.
             * @default null
             */
            high: number | null;
        };
        /** @description The newest reading that is not in the future. */
        Latest: {
            /** Format: date-time */
            time: string;
            /** Format: double */
            value: number;
            /**
             * Format: uint8
             * @description How good a reading is, in one byte: two bits of grade, the rest says who doubted it.
             *
             *     The layout is stored; bits may be added, never moved.
             */
            quality: number;
            /** Format: date-time */
            received: string;
        };
        /** @description Values of one element that became no reading. */
        Omission: {
            element: string;
            element_word: string;
            why: components["schemas"]["OmissionReason"];
            why_word: string;
            /** Format: int64 */
            times: number;
            /** Format: date-time */
            last_seen: string;
            last_value: string;
        };
        /** @description Why a value became no reading. */
        OmissionReason: "no_sensor" | "no_quantity" | "missing" | "unreadable" | "state" | "relative" | "test" | "not_spoken_for";
        /** @description A page of a list, sorted by (indexed column, id). */
        Page29: {
            items: components["schemas"]["StationKey"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A key as the API gives it. */
        StationKey: {
            /**
             * Format: uuid
             * @description A key of a station.
             */
            id: string;
            /**
             * Format: date-time
             * @description `null` for a password of before keys had dates.
             */
            issued_at: string | null;
            /**
             * Format: date-time
             * @description Until when it is good, if it ends.
             */
            until: string | null;
            /** @description Whether it is good now. */
            good: boolean;
        };
        /** @description A key itself. */
        StationKeySecret: {
            key: string;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page30: {
            items: components["schemas"]["StationCommand"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A command as the API gives it. */
        StationCommand: {
            /**
             * Format: uuid
             * @description A command to a station.
             */
            id: string;
            ask: components["schemas"]["StationAsk"];
            /** @description The form's name as it was then. */
            word: string;
            kind: components["schemas"]["CommandKind"];
            reason: string | null;
            /** Format: date-time */
            asked_at: string;
            /**
             * Format: uuid
             * @description `null` for this node itself.
             */
            asked_by: string | null;
            by: string;
            /**
             * Format: date-time
             * @description From when on it does not go out any more.
             */
            until: string;
            state: components["schemas"]["CommandState"];
            state_word: string;
            /** Format: date-time */
            changed_at: string;
            why: string | null;
            /** Format: date-time */
            sent_at: string | null;
            /** @description In the protocol's words; `too_long` stands for what is in the bytes only. */
            said: unknown;
            /** Format: date-time */
            answered_at: string | null;
        };
        /** @description What somebody asks of a station. */
        StationAsk: {
            /** @description The code of the protocol's form: `37`. */
            command: string;
            /**
             * @description What was filled in, by the names of its fields.
             * @default {}
             */
            values: {
                [key: string]: unknown;
            };
        };
        /** @description What a command does to a station. */
        CommandKind: "query" | "setting" | "control";
        /** @description Where a command stands. */
        CommandState: "answered" | "asked" | "sent" | "delivered" | "timed_out" | "uncertain" | "refused" | "expired" | "cancelled" | "suppressed" | "confirmed" | "given_up";
        /** @description A command's bytes, with the meaning of each; passwords are hidden. */
        StationCommandBytes: {
            sent: components["schemas"]["CommandFrame"] | null;
            /** @description `null` too when the bytes are kept no longer. */
            answer: components["schemas"]["CommandFrame"] | null;
        };
        CommandFrame: {
            hex: string;
            /** @description What each byte is, in order and without gaps. */
            spans: components["schemas"]["Span2"][];
        };
        /** @description Bytes of a frame that say one thing. */
        Span2: {
            /**
             * Format: uint
             * @description The first byte.
             */
            start: number;
            /**
             * Format: uint
             * @description Bytes.
             */
            len: number;
            /** @description A stable name: `station`, `element`, `checksum`. */
            name: string;
            /** @description What they say. */
            text: string;
        };
        /** @description How a station can be asked. */
        StationLine: {
            /** @description Whether commands go out to it now. */
            online: boolean;
            /**
             * Format: int64
             * @description Commands under way.
             */
            open: number;
            /** Format: int64 */
            most_open: number;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page31: {
            items: components["schemas"]["CommandForm"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description One command of a protocol. */
        CommandForm: {
            code: string;
            word: components["schemas"]["BothWords"];
            kind: components["schemas"]["CommandKind"];
            /** @description What may go wrong, where somebody should think twice. */
            danger: components["schemas"]["BothWords"] | null;
            fields: components["schemas"]["CommandField"][];
        };
        /** @description The same in Chinese and English. */
        BothWords: {
            zh: string;
            en: string;
        };
        /** @description One field of a form. */
        CommandField: {
            name: string;
            word: components["schemas"]["BothWords"];
        } & ({
            /** @constant */
            type: "number";
            min: string;
            max: string;
            /** Format: uint8 */
            decimals: number;
            unit: string;
        } | {
            /** @constant */
            type: "text";
            form: components["schemas"]["BothWords"];
            /** Format: uint */
            longest: number;
        } | {
            /** @constant */
            type: "choice";
            options: components["schemas"]["CommandChoice"][];
        } | {
            /** @constant */
            type: "many";
            options: components["schemas"]["CommandChoice"][];
            /** Format: uint */
            most: number;
        } | {
            /** @constant */
            type: "hour";
        } | {
            /** @constant */
            type: "switches";
            /** Format: uint */
            most: number;
        } | {
            /** @constant */
            type: "parameters";
            of: components["schemas"]["CommandField"][];
        } | {
            /** @constant */
            type: "key";
        } | {
            /** @constant */
            type: "object";
            /** Format: uint */
            longest: number;
        });
        /** @description One of several. */
        CommandChoice: {
            value: string;
            word: components["schemas"]["BothWords"];
        };
        /** @description The relations of a station. */
        StationRelay: {
            /** @description Who may speak for it; `null` when nobody may, or the caller does not see who. */
            relay: components["schemas"]["RelayEnd"] | null;
            /** @description Those for which it may speak, as far as the caller sees them; the first 200. */
            speaks_for: components["schemas"]["RelayEnd"][];
            /**
             * @description How its last report came: systems and senders, the first of them first; empty when
             *     it spoke for itself.
             */
            via: string[];
            /** Format: date-time */
            last_contact: string | null;
        };
        /** @description A station as the other end of a relation. */
        RelayEnd: {
            /**
             * Format: uuid
             * @description A station.
             */
            id: string;
            code: string;
            name: string;
        };
        /** @description Where a station stands, and where it was said to stand. */
        StationPlace: {
            region: string | null;
            region_name: string | null;
            /** @description In CGCS2000. */
            point: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            } | null;
            /** @description As it was given; `null` also where that was not kept. */
            original: components["schemas"]["Coordinates"] | null;
            /** Format: uuid */
            site: string | null;
            /**
             * @description From the newest fact that said another place, region or site back to the first; of
             *     its newest 200 changes, as far as the caller sees them.
             */
            history: components["schemas"]["SaidPlace"][];
            /** @description Those of the sites named here that the caller may see. */
            sites: components["schemas"]["Standing"][];
        };
        /** @description What one fact said. */
        SaidPlace: {
            /** Format: int64 */
            seq: number;
            /** Format: date-time */
            at: string;
            /** @description Who said it; `null` is the system itself, or somebody whom this node does not know. */
            by: string | null;
            reason: string | null;
            region: string | null;
            region_name: string | null;
            /** @description In CGCS2000. */
            point: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            } | null;
            /** @description As it was given; `null` also where that was not kept. */
            original: components["schemas"]["Coordinates"] | null;
            /** Format: uuid */
            site: string | null;
        };
        /** @description A record of the registers, as whoever stands at it names it. */
        Standing: {
            /** Format: uuid */
            id: string;
            /** @description What kind of site; `null` of an enterprise. */
            kind: components["schemas"]["SiteKind"] | null;
            name: string;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page32: {
            items: components["schemas"]["Source"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A station as a source of frames. */
        Source: {
            /**
             * Format: uuid
             * @description A station.
             */
            station: string;
            name: string;
            class: components["schemas"]["StationClass"];
            /** @description The protocol's short name. */
            protocol_word: string;
            status: components["schemas"]["StationStatus"];
            status_word: string;
            /** @description The peer's address at the last contact. */
            source: string | null;
            /**
             * Format: double
             * @description Frames a minute, from the period.
             */
            expected_per_min: number;
            /**
             * Format: int64
             * @description Frames within the last sixty minutes, heartbeats included.
             */
            received_last_hour: number;
            /** Format: date-time */
            last_contact: string | null;
            /**
             * Format: int64
             * @description From the newest observation of the last report to its arrival.
             */
            delay_ms: number | null;
            /** @description `null` while too little is known, and of protocols that do not say when they send. */
            clock: components["schemas"]["StationClock"] | null;
            /**
             * Format: int64
             * @description For so many seconds it may say nothing before it is silent.
             */
            silent_after_s: number;
            /**
             * Format: date-time
             * @description Nobody waits for it until then.
             */
            paused_until: string | null;
            /**
             * Format: int64
             * @description Since the last contact, once that is more than one and a half periods ago.
             */
            silence_s: number | null;
            /** Format: int64 */
            rejects_last_hour: number;
            /**
             * Format: int64
             * @description Frames not acknowledged because the disk had too little room; the station keeps
             *     them.
             */
            no_room_last_hour: number;
            /**
             * Format: int64
             * @description Readings, not frames, from here on.
             */
            duplicates_last_hour: number;
            /** Format: int64 */
            late_last_hour: number;
            /** Format: int64 */
            future_last_hour: number;
            /** Format: int64 */
            corrected_last_hour: number;
            /**
             * Format: int64
             * @description Frames that wait for a sensor.
             */
            held: number;
            /**
             * Format: date-time
             * @description Since when the gateway says that it has lost the instruments behind it.
             */
            cut_since: string | null;
            /**
             * Format: int64
             * @description By our quality checks; they stay readings like others.
             */
            flagged_last_hour: number;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page33: {
            items: components["schemas"]["RawFrame"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A frame with the meaning of its bytes. */
        RawFrame: {
            /** Format: date-time */
            received: string;
            source: string;
            hex: string;
            outcome: components["schemas"]["FrameOutcome"];
            outcome_word: string;
            reason: string | null;
            /**
             * Format: int64
             * @description From the socket to the written acknowledgement; `null` when none was sent.
             */
            acknowledged_ms: number | null;
            /** @description What each byte of `hex` is, in order and without gaps. */
            spans: components["schemas"]["Span2"][];
            /** @description SHA-256 of the kept bytes, in pieces of at most 64 KiB. */
            documents: string[];
        };
        /** @description What became of a frame. */
        FrameOutcome: ("stored" | "duplicate" | "refused") | "busy";
        /** @description A page of a list, sorted by (indexed column, id). */
        Page34: {
            items: components["schemas"]["WaitingDevice"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A device that waits, or was refused. */
        WaitingDevice: {
            /** Format: uuid */
            id: string;
            protocol: components["schemas"]["Protocol"];
            /** @description The protocol's short name. */
            protocol_word: string;
            claimed_code: string;
            /** @description The region that its code names, if it names one. */
            region: string | null;
            source: string;
            /** Format: date-time */
            first_seen: string;
            /** Format: date-time */
            last_seen: string;
            /** Format: int64 */
            frames: number;
            last_hex: string;
            state: components["schemas"]["WaitingState"];
            state_word: string;
            /** @description Why it was refused. */
            reason: string | null;
        };
        /** @enum {string} */
        WaitingState: "waiting" | "refused";
        /** @description A page of a list, sorted by (indexed column, id). */
        Page35: {
            items: components["schemas"]["Reject"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description Bytes that were not taken, as the API gives them. */
        Reject: {
            /** Format: uuid */
            id: string;
            protocol: components["schemas"]["Protocol"];
            /** @description The protocol's short name. */
            protocol_word: string;
            source: string;
            /** Format: date-time */
            received: string;
            /** @description The first 1 024 bytes. */
            hex: string;
            reason: string;
            /** Format: int64 */
            offset: number | null;
            /**
             * Format: uuid
             * @description A station.
             */
            station: string | null;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page36: {
            items: components["schemas"]["RejectCause"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description Rejects of one source for one cause. */
        RejectCause: {
            /**
             * Format: uuid
             * @description `null` for what can be laid to nobody.
             */
            station: string | null;
            protocol: components["schemas"]["Protocol"];
            protocol_word: string;
            /** @description The reason, with `…` where one differs from the other. */
            cause: string;
            /** Format: int64 */
            frames: number;
            /** Format: date-time */
            first: string;
            /** Format: date-time */
            last: string;
            /**
             * Format: uuid
             * @description The newest of them.
             */
            newest: string;
        };
        /** @description Bytes that were not taken, with what can be told of them. */
        RejectDetails: {
            /** Format: uuid */
            id: string;
            protocol: components["schemas"]["Protocol"];
            /** @description The protocol's short name. */
            protocol_word: string;
            source: string;
            /** Format: date-time */
            received: string;
            /** @description The first 1 024 bytes. */
            hex: string;
            reason: string;
            /** Format: int64 */
            offset: number | null;
            /**
             * Format: uuid
             * @description A station.
             */
            station: string | null;
            /** @description What each byte of `hex`, which is whole here, says, in order and without gaps. */
            spans: components["schemas"]["Span2"][];
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page37: {
            items: components["schemas"]["StationPoint"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A point of a station as the API gives it. */
        StationPoint: {
            element: string;
            /** @description What its name says, in the words of its standard. */
            element_word: string;
            /**
             * Format: uuid
             * @description The sensor that takes its values, if there is one.
             */
            sensor: string | null;
            /** @description What it measures, as its host or its name says. */
            quantity: components["schemas"]["Quantity"] | null;
            unit: string | null;
            mapping: components["schemas"]["Mapping"];
            /** @description The host's own words for the unit. */
            wire_unit: string | null;
            remarks: string | null;
            /**
             * Format: date-time
             * @description When its host defined it last.
             */
            defined_at: string | null;
            /**
             * Format: int64
             * @description Values that came and found no sensor.
             */
            unmapped: number;
            /** Format: date-time */
            last_seen: string | null;
            last_value: string | null;
        };
        /** @description Frames that wait for a sensor. */
        HeldFrames: {
            /** Format: int64 */
            frames: number;
            /** Format: date-time */
            oldest: string | null;
            /** @description Whether somebody asked for frames to be read anew and that has not begun. */
            asked: boolean;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page38: {
            items: components["schemas"]["PersonFile"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A file that names persons, from without. */
        PersonFile: {
            /** Format: uuid */
            id: string;
            /**
             * Format: uuid
             * @description A station.
             */
            station: string;
            kind: string;
            kind_word: string;
            kind_word_en: string;
            /** @description As its sender named it. */
            name: string;
            /**
             * Format: date-time
             * @description As of when it tells, by its sender.
             */
            made: string;
            /** Format: date-time */
            received: string;
            /**
             * Format: int64
             * @description Records that were read, and those that were not.
             */
            records: number;
            /** Format: int64 */
            bad: number;
        };
        /** @description A file with what of it may be shown. */
        PersonFileDetails: {
            file: components["schemas"]["PersonFile"];
            station_name: string;
            /** @description Whether it stands here masked. */
            masked: boolean;
            /** @description Why nothing of it can be shown, if so. */
            closed: components["schemas"]["WhyPersonFileIsClosed"] | null;
            /**
             * Format: int64
             * @description People underground by the file; all in it when it does not say who is.
             */
            persons: number;
            /** @description Where they are, the most first. */
            areas: components["schemas"]["PersonCrowd"][];
            stations: components["schemas"]["PersonCrowd"][];
            /** @description Names of the columns, as the standard's table has them. */
            columns: string[];
            /** @description As many texts as there are columns; at most 5 000. */
            rows: string[][];
        };
        /** @description Why a file does not open. */
        WhyPersonFileIsClosed: "destroyed" | "absent" | "unreadable";
        /** @description How many people are at a place. */
        PersonCrowd: {
            place: string;
            /** Format: int64 */
            persons: number;
        };
        /** @description Heads in a mine. */
        Underground: {
            heads: components["schemas"]["ToldCount"];
            /**
             * Format: double
             * @description From the list of persons (RYXX).
             */
            approved: number | null;
            /** @description More than approved, in the mine or in an area. */
            over: boolean;
            areas: components["schemas"]["AreaHeads"][];
            /** @description Alarms of the host that are open by its newest file of each type. */
            overtime: components["schemas"]["ToldCount"];
            overcrowding: components["schemas"]["ToldCount"];
            help: components["schemas"]["ToldCount"];
            restricted: components["schemas"]["ToldCount"];
            /**
             * @description Whether the host says over-crowded and our count does not, or the other way round;
             *     `null` when one of the two has not been heard.
             */
            differs: boolean | null;
        };
        /** @description A number as it was told last. */
        ToldCount: {
            /**
             * Format: double
             * @description `null` when nothing good was told.
             */
            value: number | null;
            /** Format: date-time */
            at: string | null;
        };
        /** @description Heads in an area. */
        AreaHeads: {
            /** @description 16 digits. */
            area: string;
            name: string | null;
            heads: components["schemas"]["ToldCount"];
            /** Format: double */
            approved: number | null;
            over: boolean;
        };
        /** @description All of `definitions.json`. */
        QualityChecks: {
            /** @description Of this table; a day. */
            version: string;
            /** @description What the sources' names stand for: document, edition, place, and how it was read. */
            sources: {
                [key: string]: components["schemas"]["BothWords"];
            };
            quantities: {
                [key: string]: components["schemas"]["QuantityChecks"];
            };
        };
        /** @description What is checked of one quantity. What is absent is not checked by itself. */
        QuantityChecks: {
            range: components["schemas"]["Sourced"] | null;
            step: components["schemas"]["Sourced2"] | null;
            spike: components["schemas"]["Sourced3"] | null;
            stuck: components["schemas"]["Sourced4"] | null;
            neighbour: components["schemas"]["Sourced5"] | null;
            /**
             * @description Whether a person may let a check take readings out of the sums. Not of what warns
             *     of a danger to life: there a flag marks and does no more.
             * @default true
             */
            may_exclude: boolean;
            remark: components["schemas"]["BothWords"] | null;
        };
        /** @description A limit and who says so. */
        Sourced: {
            /** Format: double */
            low: number | null;
            /** Format: double */
            high: number | null;
            source: string;
            confidence: components["schemas"]["Confidence"];
        };
        /** @description How far a threshold, a limit or a factor can be relied on. */
        Confidence: "official" | "local" | "checked" | "memory" | "demo";
        /** @description A limit and who says so. */
        Sourced2: {
            /**
             * @description `[seconds, limit]`, by seconds: within that time, at most that much, in the unit of
             *     the quantity. Beyond the last nothing is compared.
             */
            within: [
                number,
                number
            ][];
            source: string;
            confidence: components["schemas"]["Confidence"];
        };
        /** @description A limit and who says so. */
        Sourced3: {
            /**
             * Format: double
             * @description In the unit of the quantity; on the limit is allowed.
             */
            limit: number;
            /**
             * Format: uint32
             * @description Both neighbours lie within so many seconds of it.
             */
            within_s: number;
            source: string;
            confidence: components["schemas"]["Confidence"];
        };
        /** @description A limit and who says so. */
        Sourced4: {
            /**
             * Format: double
             * @description It stands still while it differs by less than this from where it stood first.
             */
            vary: number;
            /**
             * Format: uint32
             * @description Doubtful after so many seconds.
             */
            span_s: number;
            /**
             * Format: double
             * @description Where it may stand for ever: no rain, no wind, no gas.
             * @default null
             */
            rest: number | null;
            source: string;
            confidence: components["schemas"]["Confidence"];
        };
        /** @description A limit and who says so. */
        Sourced5: {
            /** Format: double */
            limit: number;
            /** Format: uint32 */
            within_s: number;
            /**
             * Format: double
             * @description Further away a sensor is no neighbour.
             */
            distance_km: number;
            source: string;
            confidence: components["schemas"]["Confidence"];
        };
        /** @description What is checked of a sensor, and what of it a person has set. */
        SensorChecks: {
            /**
             * Format: uuid
             * @description A sensor of a station; its series goes by this id.
             */
            sensor: string;
            /**
             * Format: double
             * @description The values that it can have: the mapping's, or else the quantity's.
             */
            low: number | null;
            /** Format: double */
            high: number | null;
            step: components["schemas"]["StepLimit"] | null;
            spike: components["schemas"]["SpikeLimit"] | null;
            stuck: components["schemas"]["StuckLimit"] | null;
            neighbour: components["schemas"]["NeighbourLimit"] | null;
            /** @description Checks that take a reading out of sums and means; all others only mark it. */
            exclude: components["schemas"]["QualityCheck"][];
            /** @description Whether a person may let a check do so. */
            may_exclude: boolean;
            /** @description `null` when all is as the quantity says. */
            set: components["schemas"]["CheckSettings"] | null;
            /** @description What was set before and by whom, the newest first, as far as the caller sees it. */
            history: components["schemas"]["ChecksSaid"][];
            /** @description The day of the table that the rest comes from: `/api/quality-checks`. */
            version: string;
        };
        /** @description How far two readings in a row may differ. */
        StepLimit: {
            /**
             * @description `[seconds, limit]`, by seconds: within that time, at most that much, in the unit of
             *     the quantity. Beyond the last nothing is compared.
             */
            within: [
                number,
                number
            ][];
        };
        /** @description How far a reading may stand out of both its neighbours in time. */
        SpikeLimit: {
            /**
             * Format: double
             * @description In the unit of the quantity; on the limit is allowed.
             */
            limit: number;
            /**
             * Format: uint32
             * @description Both neighbours lie within so many seconds of it.
             */
            within_s: number;
        };
        /** @description How long a value may stand still. */
        StuckLimit: {
            /**
             * Format: double
             * @description It stands still while it differs by less than this from where it stood first.
             */
            vary: number;
            /**
             * Format: uint32
             * @description Doubtful after so many seconds.
             */
            span_s: number;
            /**
             * Format: double
             * @description Where it may stand for ever: no rain, no wind, no gas.
             * @default null
             */
            rest: number | null;
        };
        /** @description How far a sensor may be from the median of others. */
        NeighbourLimit: {
            /** Format: double */
            limit: number;
            /**
             * Format: uint32
             * @description Readings of the others count within so many seconds.
             */
            within_s: number;
            /**
             * @description Three to eight sensors of the same quantity, which a person who knows how high
             *     each of them lies holds to be comparable.
             */
            sensors: string[];
        };
        /** @description One check of a reading. The discriminants are bits that are stored. */
        QualityCheck: "range" | "step" | "spike" | "stuck" | "neighbour";
        /**
         * @description The checks of one sensor, where they differ from those of its quantity. The range is
         *     the sensor's mapping.
         */
        CheckSettings: {
            /**
             * @description Checks that are not made of it.
             * @default []
             */
            off: components["schemas"]["QualityCheck"][];
            /** @default null */
            step: components["schemas"]["StepLimit"] | null;
            /** @default null */
            spike: components["schemas"]["SpikeLimit"] | null;
            /** @default null */
            stuck: components["schemas"]["StuckLimit"] | null;
            /** @default null */
            neighbour: components["schemas"]["NeighbourLimit"] | null;
            /**
             * @description Checks that take a reading out of sums and means; by themselves they only mark.
             * @default []
             */
            exclude: components["schemas"]["QualityCheck"][];
            /** @description Why, for whoever reads it later. */
            reason: string;
        };
        /** @description What one fact set. */
        ChecksSaid: {
            /** Format: int64 */
            seq: number;
            /** Format: date-time */
            at: string;
            by: string | null;
            checks: components["schemas"]["CheckSettings"];
        };
        /** @description What is flagged as it is set now, and what would have been as it is asked. */
        ChecksPreview: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            /**
             * Format: uint
             * @description Readings that were looked at.
             */
            readings: number;
            now: components["schemas"]["FlaggedReadings"];
            then: components["schemas"]["FlaggedReadings"];
        };
        FlaggedReadings: {
            /** Format: uint */
            total: number;
            /** @description How many failed each check. */
            checks: [
                components["schemas"]["QualityCheck"],
                number
            ][];
            /** @description The newest 200, by time. */
            newest: components["schemas"]["FlaggedReading"][];
        };
        /** @description `[ms, value, checks]` */
        FlaggedReading: [
            number,
            number,
            components["schemas"]["QualityCheck"][]
        ];
        /** @description For how long readings are kept, and how that went. */
        Retention: {
            /** @description The day of the table of classes. */
            version: string;
            classes: components["schemas"]["RetentionClass"][];
            /** @description What there is of sensors that have no class yet. */
            without: components["schemas"]["RetentionAmount"];
            /**
             * Format: uint64
             * @description Bytes that were not sorted into days and classes yet.
             */
            unsorted_bytes: number;
            incident: components["schemas"]["IncidentMargins"];
            /** @description The newest first. */
            runs: components["schemas"]["RetentionRun"][];
            /**
             * Format: date-time
             * @description Up to when sensors have told: a clock far ahead of it lets nothing go.
             */
            reached: string | null;
            /** Format: uint32 */
            most_ahead_days: number;
            /** @description Whether readings of old may be in a copy elsewhere. */
            has_copy: boolean;
        };
        /** @description A class of retention. */
        RetentionClass: {
            code: string;
            word: string;
            word_en: string;
            /** Format: uint32 */
            readings_days: number | null;
            /** Format: uint32 */
            minutes_days: number | null;
            /** Format: uint32 */
            hours_days: number | null;
            /** @description What a law or standard asks for at least. */
            floors: components["schemas"]["RetentionFloor"][];
            source: string;
            /** @description What the source goes by in the table: `default`. */
            source_code: string;
            confidence: components["schemas"]["Confidence"];
            amount: components["schemas"]["RetentionAmount"];
        };
        /** @description What a law or standard asks for at least. */
        RetentionFloor: {
            /** @description What it goes by: `hazchem`. */
            code: string;
            /** Format: uint32 */
            days: number;
            source: string;
        };
        /** @description What there is of a class. */
        RetentionAmount: {
            /** Format: uint64 */
            series: number;
            /** Format: uint64 */
            readings: number;
            /** Format: uint64 */
            readings_bytes: number;
            /** Format: uint64 */
            sums_bytes: number;
            /**
             * Format: date-time
             * @description The beginning of the oldest day, in UTC, of which there are readings.
             */
            oldest_readings: string | null;
            /** Format: date-time */
            oldest_sums: string | null;
        };
        /** @description How far around an incident readings are held, and for how long. */
        IncidentMargins: {
            /**
             * Format: uint32
             * @description Before it was opened.
             */
            before_hours: number;
            /**
             * Format: uint32
             * @description After it was closed.
             */
            after_hours: number;
            /**
             * Format: uint32
             * @description So long after its end the hold ends by itself.
             */
            keep_days: number;
            source: string;
            confidence: components["schemas"]["Confidence"];
        };
        /** @description What one day's run did. */
        RetentionRun: {
            /** @description The day in Beijing. */
            day: string;
            state: components["schemas"]["RunState"];
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            ended_at: string | null;
            /** @description Why it was refused or failed. */
            why: string | null;
            /** @description What went, by the code of the class; "" of what had none. */
            gone: {
                [key: string]: components["schemas"]["RetentionGone"];
            };
            /**
             * Format: uint64
             * @description Blocks that stay because somebody holds a part of them.
             */
            held: number;
        };
        /** @description How a day's run is. */
        RunState: "done" | "running" | "refused" | "failed";
        /** @description What went of one class: days of readings, of sums by minute and by hour. */
        RetentionGone: {
            /** Format: uint64 */
            readings: number;
            /** Format: uint64 */
            minutes: number;
            /** Format: uint64 */
            hours: number;
            /** Format: uint64 */
            bytes: number;
            /**
             * Format: date-time
             * @description Readings before it are over, but for what is held.
             */
            before: string | null;
        };
        /** @description By which class a sensor's readings are kept. */
        SensorRetention: {
            /**
             * Format: uuid
             * @description A sensor of a station; its series goes by this id.
             */
            sensor: string;
            /** @description Its code: `/api/retention`. */
            class: string;
            /** @description What its rule says. */
            by_rule: string;
            /** @description Whether a person has set another. */
            is_set: boolean;
            /**
             * @description Classes that it may be given: those that keep all for at least as long as the rule's,
             *     itself among them.
             */
            choices: components["schemas"]["RetentionTerms"][];
            /** @description What was set before and by whom, the newest first, as far as the caller sees it. */
            history: components["schemas"]["RetentionSaid"][];
        };
        /** @description For how long a class keeps readings and their sums: `null` days are for ever. */
        RetentionTerms: {
            code: string;
            word: string;
            word_en: string;
            /** Format: uint32 */
            readings_days: number | null;
            /** Format: uint32 */
            minutes_days: number | null;
            /** Format: uint32 */
            hours_days: number | null;
        };
        /** @description What one fact set. */
        RetentionSaid: {
            /** Format: int64 */
            seq: number;
            /** Format: date-time */
            at: string;
            by: string | null;
            /** @description `null` gave the sensor back to its rule. */
            class: string | null;
            reason: string;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page39: {
            items: components["schemas"]["Hold"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A hold as the API gives it. */
        Hold: {
            /**
             * Format: uuid
             * @description A range of readings that is held, whatever its class says.
             */
            id: string;
            name: string;
            reason: string;
            /** Format: date-time */
            from: string;
            /**
             * Format: date-time
             * @description `null` for all that comes, too.
             */
            to: string | null;
            extent: components["schemas"]["HoldExtent"];
            /**
             * Format: uuid
             * @description What it is held for, when that is a subject of its own: an incident.
             */
            about: string | null;
            /**
             * Format: date-time
             * @description When it ends by itself.
             */
            release_at: string | null;
            /** Format: date-time */
            placed_at: string;
            placed_by: string | null;
            /** Format: date-time */
            ended_at: string | null;
            /** @description `null` also when its time was over. */
            ended_by: string | null;
            ended_reason: string | null;
            region: string | null;
        };
        /** @description Whose readings are held: all that one of these names. */
        HoldExtent: {
            /** @default [] */
            regions: string[];
            /** @default [] */
            stations: string[];
            /** @default [] */
            sensors: string[];
        };
        /** @description Station, sensor, quantity, milliseconds since 1970, value, quality byte. */
        LatestRow: [
            string,
            string,
            components["schemas"]["Quantity"],
            number,
            number,
            number
        ];
        /** @description A part of the record of one sensor. */
        SensorRecord: {
            sensor: components["schemas"]["Sensor"];
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            /** @description `[ms, value, quality]`; empty when `buckets` are given. */
            points: [
                number,
                number,
                number
            ][];
            /**
             * @description `[ms, count, min, max, mean, last, good]`: of `count` readings the `good` are
             *     summed up. Null where nothing good was read and where the kind of the quantity has
             *     no such thing: a state has neither of the first three, a counter no mean, a
             *     direction neither minimum nor maximum. A span without readings has no bucket; wide
             *     ones begin with whole minutes or hours. Also given, whatever their number, of
             *     spans whose readings have been let go by retention.
             */
            buckets: [
                number,
                number,
                number | null,
                number | null,
                number | null,
                number | null,
                number
            ][] | null;
            /**
             * @description `[from, to]` in ms: holes of more than three periods, also at both ends as far
             *     as they lie before now. The first 1 000. With `buckets` those where whole buckets
             *     are missing, from the seventeenth on to the bucket.
             */
            gaps: [
                number,
                number
            ][];
            /**
             * @description `[ms, value, known]`: values that were corrected, and until when they stood.
             *     The first 1 000; none when `buckets` are given.
             */
            superseded: [
                number,
                number,
                number
            ][];
            /**
             * @description `[ms, checks]`: which of our checks readings failed; empty when `buckets` are
             *     given.
             */
            flags: components["schemas"]["Flag"][];
            /**
             * Format: date-time
             * @description Readings before this are over, as their class says; what is held may be there,
             *     and of the rest there are sums at most. `null` when the span begins after it, and
             *     when a copy has them.
             */
            let_go_before: string | null;
        };
        /** @description Checks that one reading failed. */
        Flag: [
            number,
            components["schemas"]["QualityCheck"][]
        ];
        /** @description A page of a list, sorted by (indexed column, id). */
        Page40: {
            items: components["schemas"]["Earthquake"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description An earthquake as the API gives it. */
        Earthquake: {
            /**
             * Format: uuid
             * @description An earthquake.
             */
            id: string;
            state: components["schemas"]["EarthquakeState"];
            /**
             * Format: uuid
             * @description The one that it turned out to be.
             */
            merged_into: string | null;
            /**
             * @description Where it is at home: the county that the epicentre lies in, or the top of the
             *     register.
             */
            region: string | null;
            /** @description What is believed; when all was taken back, what was said last. */
            shown: components["schemas"]["EarthquakeReport"];
            /**
             * Format: uuid
             * @description The report that is believed; `None` when all was taken back.
             */
            believed: string | null;
            /**
             * Format: int64
             * @description How many reports it has, each version counted.
             */
            reports: number;
            /** @description Who has reported it; `typed` where a person did. */
            agencies: string[];
            /**
             * Format: int64
             * @description How often it was said anew.
             */
            revision: number;
            /** Format: date-time */
            reported_at: string;
            /** Format: date-time */
            changed_at: string;
        };
        /** @description What has become of an earthquake. */
        EarthquakeState: "reported" | "withdrawn" | "merged";
        /** @description One version of what an agency, or a duty officer, says of one earthquake. */
        EarthquakeReport: {
            /**
             * @description Who says so, in lower case (`cenc`, `us`); `None` for what was typed in, and where
             *     a document names nobody.
             */
            agency: string | null;
            /** @description The agency's own id of the earthquake. */
            event: string;
            /** @description Ids of other agencies for the same one. */
            aliases?: string[];
            version: string | null;
            /**
             * Format: date-time
             * @description When this version was made.
             */
            updated: string | null;
            /** @description How far it has been looked at. */
            standing: string;
            /** @description `earthquake`, `quarry blast`, as it was written. */
            kind: string | null;
            /** @description Words for where. */
            place: string | null;
            /**
             * Format: date-time
             * @description When the earth quaked.
             */
            time: string;
            /**
             * Format: int64
             * @description How far `time` may be wrong beyond the usual, s: 0 to 60.
             * @default 0
             */
            time_within_s: number;
            /**
             * @description A point in CGCS2000 (EPSG:4490), numerically WGS-84 at our scales.
             *
             *     Degrees, longitude first; `-180 <= lon <= 180`, `-90 <= lat <= 90`, both finite.
             */
            point: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            };
            /**
             * Format: double
             * @description Below the surface, km; `None` where none was said.
             */
            depth_km: number | null;
            /** @description How the depth came about, as it was written. */
            depth_type: string | null;
            /** Format: double */
            magnitude: number | null;
            /** @description What it was measured on (`Ms`, `mww`), as it was written. */
            scale: string | null;
            origin: components["schemas"]["EarthquakeReportOrigin"];
        };
        /** @description How a report came here. */
        EarthquakeReportOrigin: {
            document: {
                /** @description SHA-256 of its bytes, hex. */
                sha256: string;
                format: components["schemas"]["EarthquakeFormat"];
            };
        } | {
            typed: {
                /** @description Who told the duty officer: 吉林省地震局值班室. */
                source: string;
                /** @description Why it was typed in, corrected or taken back. */
                reason: string;
                /** @description By name at that time. */
                by: string | null;
            };
        };
        /** @description The formats that documents of earthquakes have. */
        EarthquakeFormat: "geojson" | "quakeml" | "fdsn_text";
        /** @description An earthquake with what everybody says of it. */
        EarthquakeDetails: {
            /**
             * Format: uuid
             * @description An earthquake.
             */
            id: string;
            state: components["schemas"]["EarthquakeState"];
            /**
             * Format: uuid
             * @description The one that it turned out to be.
             */
            merged_into: string | null;
            /**
             * @description Where it is at home: the county that the epicentre lies in, or the top of the
             *     register.
             */
            region: string | null;
            /** @description What is believed; when all was taken back, what was said last. */
            shown: components["schemas"]["EarthquakeReport"];
            /**
             * Format: uuid
             * @description The report that is believed; `None` when all was taken back.
             */
            believed: string | null;
            /**
             * Format: int64
             * @description How many reports it has, each version counted.
             */
            reports: number;
            /** @description Who has reported it; `typed` where a person did. */
            agencies: string[];
            /**
             * Format: int64
             * @description How often it was said anew.
             */
            revision: number;
            /** Format: date-time */
            reported_at: string;
            /** Format: date-time */
            changed_at: string;
            /** @description By agency and event, the oldest version first. */
            all: components["schemas"]["EarthquakeReportView"][];
        };
        /** @description A report as the API gives it. */
        EarthquakeReportView: {
            /**
             * Format: uuid
             * @description One version of what somebody says of an earthquake.
             */
            id: string;
            /**
             * @description Who says so, in lower case (`cenc`, `us`); `None` for what was typed in, and where
             *     a document names nobody.
             */
            agency: string | null;
            /** @description The agency's own id of the earthquake. */
            event: string;
            /** @description Ids of other agencies for the same one. */
            aliases?: string[];
            version: string | null;
            /**
             * Format: date-time
             * @description When this version was made.
             */
            updated: string | null;
            /** @description How far it has been looked at. */
            standing: string;
            /** @description `earthquake`, `quarry blast`, as it was written. */
            kind: string | null;
            /** @description Words for where. */
            place: string | null;
            /**
             * Format: date-time
             * @description When the earth quaked.
             */
            time: string;
            /**
             * Format: int64
             * @description How far `time` may be wrong beyond the usual, s: 0 to 60.
             * @default 0
             */
            time_within_s: number;
            /**
             * @description A point in CGCS2000 (EPSG:4490), numerically WGS-84 at our scales.
             *
             *     Degrees, longitude first; `-180 <= lon <= 180`, `-90 <= lat <= 90`, both finite.
             */
            point: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            };
            /**
             * Format: double
             * @description Below the surface, km; `None` where none was said.
             */
            depth_km: number | null;
            /** @description How the depth came about, as it was written. */
            depth_type: string | null;
            /** Format: double */
            magnitude: number | null;
            /** @description What it was measured on (`Ms`, `mww`), as it was written. */
            scale: string | null;
            origin: components["schemas"]["EarthquakeReportOrigin"];
            /** Format: date-time */
            received_at: string;
            /** @description Whether it is what is believed of the earthquake. */
            believed: boolean;
            /** @description Whether its agency has said something newer. */
            superseded: boolean;
        };
        /** @description A document, and what came of it. */
        EarthquakeMessage: {
            /**
             * Format: uuid
             * @description A document of earthquakes that came in.
             */
            id: string;
            /** Format: date-time */
            received: string;
            /** @description Who delivered it. */
            source: string;
            /** @description `None` when it is none that is known. */
            format: components["schemas"]["EarthquakeFormat"] | null;
            /** Format: int64 */
            bytes: number;
            /** @description SHA-256, hex. */
            sha256: string;
            /** @description Whether its bytes were kept: those that brought nothing new are not. */
            kept: boolean;
            /**
             * Format: int64
             * @description Events that it has.
             */
            events: number;
            /**
             * Format: int64
             * @description Reports that were new.
             */
            taken: number;
            /**
             * Format: int64
             * @description Reports that were here already.
             */
            known: number;
            /**
             * Format: int64
             * @description Of earthquakes that do not concern this node, and withdrawals of such.
             */
            far: number;
            /**
             * Format: int64
             * @description What could not be read, or not be taken.
             */
            faulty: number;
            /** @description The first of these. */
            faults: components["schemas"]["EarthquakeMessageFault"][];
            /** @description Why nothing was read of it. */
            refused: string | null;
        };
        /** @description Something of a document that was not taken. */
        EarthquakeMessageFault: {
            /** @description Where in the document. */
            place: string;
            /** @description What was seen and what was expected. */
            problem: string;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page41: {
            items: components["schemas"]["EarthquakeMessage"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page42: {
            items: components["schemas"]["Rule"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A rule as the API gives it. */
        Rule: {
            /**
             * Format: uuid
             * @description A rule, through all its versions.
             */
            id: string;
            /**
             * Format: uint32
             * @description 1 for the first; each further publication counts up.
             */
            version: number;
            name: string;
            /**
             * Format: uuid
             * @description A sensor of a station; its series goes by this id.
             */
            sensor: string;
            /**
             * Format: uuid
             * @description A station.
             */
            station: string;
            station_name: string;
            region: string;
            quantity: components["schemas"]["Quantity"];
            /** @description Of the line: mostly the quantity's. */
            unit: string;
            hazard: components["schemas"]["Hazard"];
            level: components["schemas"]["Level"];
            measure: components["schemas"]["RuleMeasure"];
            accepts: components["schemas"]["JudgedQuality"];
            comparison: components["schemas"]["Comparison"];
            /** Format: double */
            threshold: number;
            /** Format: double */
            hysteresis: number;
            /** Format: uint32 */
            times: number;
            /** Format: uint32 */
            delay_s: number;
            line: components["schemas"]["Line"];
            line_word: string;
            source: string;
            confidence: components["schemas"]["Confidence"];
            state: components["schemas"]["State3"];
            /** @description While it calls nobody; `null` when it does. */
            shelved: components["schemas"]["RuleShelving"] | null;
            /** @description The person's name; `null` when the node itself brought the rule. */
            proposed_by: string | null;
            /** @description The person's name; `null` when the node itself brought the rule. */
            published_by: string | null;
            /** Format: date-time */
            published_at: string;
        };
        /**
         * @description A kind of hazard that a rule, warning or incident is about.
         *
         *     Second-level kinds of the four classes of 突发事件应对法 art. 2, as far as this
         *     system senses or handles them. The digit codes of GB/T 35561-2017 are *not*
         *     here: the code table was not at hand, and a code from memory is worse than none.
         * @enum {string}
         */
        Hazard: "flood" | "rainstorm" | "drought" | "geological" | "earthquake" | "volcano" | "forest_fire" | "weather" | "coal_mine" | "non_coal_mine" | "tailings_pond" | "hazardous_chemical" | "fireworks" | "fire" | "traffic" | "urban_lifeline" | "public_health" | "social_safety" | "other";
        /**
         * @description A warning level: 一级红, 二级橙, 三级黄, 四级蓝 (突发事件应对法 2024, art. 63).
         *
         *     It is the colour of a warning and nothing else: event grades and response
         *     levels are separate types. `Red` is the most severe and sorts last.
         * @enum {string}
         */
        Level: "blue" | "yellow" | "orange" | "red";
        /** @description What is held against a rule's line. */
        RuleMeasure: {
            /** @constant */
            kind: "value";
        } | {
            /** @constant */
            kind: "change";
            direction: components["schemas"]["ChangeDirection"];
            /**
             * Format: uint32
             * @description 1 to 604 800 seconds.
             */
            within_s: number;
        } | {
            /** @constant */
            kind: "still";
            /** Format: double */
            tolerance: number;
            /**
             * Format: double
             * @description Where it may stand for ever: no rain, no wind, no gas.
             * @default null
             */
            rest: number | null;
        } | {
            /** @constant */
            kind: "count";
            comparison: components["schemas"]["Comparison"];
            /** Format: double */
            line: number;
            /** Format: uint32 */
            within_s: number;
        } | {
            /** @constant */
            kind: "sum";
            /** Format: uint32 */
            within_s: number;
        };
        /**
         * @description Which way a value moves.
         * @enum {string}
         */
        ChangeDirection: "rising" | "falling" | "either";
        /**
         * @description On which side of the line a value is dangerous. A value on the line is too.
         * @enum {string}
         */
        Comparison: "at_or_above" | "at_or_below";
        /**
         * @description How good a reading must be to fire a rule or to end what stands by it. A reading of the
         *     future is never judged.
         */
        JudgedQuality: "good" | "not_bad" | "any";
        /** @description Which line of a station a rule watches. */
        Line: "other" | "warning" | "guarantee" | "record";
        /** @enum {string} */
        State3: "active" | "retired";
        /** @description That a rule calls nobody for a while. */
        RuleShelving: {
            /** Format: date-time */
            until: string;
            /** Format: date-time */
            since: string;
            /** @description The person's name at that time. */
            by: string | null;
            reason: string;
        };
        /** @description What rules can begin with, and for how long one may be shelved. */
        RuleDefaults: {
            /** @description Of this table; a day. */
            version: string;
            /** @description What the sources' names stand for: document, edition, place, and how it was read. */
            sources: {
                [key: string]: components["schemas"]["DefaultWords"];
            };
            /** @description What lines are shares of, each of the place that a rule is for. */
            bases: {
                [key: string]: components["schemas"]["DefaultWords"];
            };
            tables: components["schemas"]["RuleTable"][];
            shelving: components["schemas"]["ShelvingBound"];
        };
        /** @description What is said in both languages. */
        DefaultWords: {
            zh: string;
            en: string;
        };
        RuleTable: {
            code: string;
            name: components["schemas"]["DefaultWords"];
            entries: components["schemas"]["DefaultRule"][];
        };
        /** @description A rule to begin with. */
        DefaultRule: {
            code: string;
            name: components["schemas"]["DefaultWords"];
            quantity: components["schemas"]["Quantity"];
            hazard: components["schemas"]["Hazard"];
            level: components["schemas"]["Level"];
            /**
             * @default {
             *       "kind": "value"
             *     }
             */
            measure: components["schemas"]["RuleMeasure"];
            /** @default not_bad */
            accepts: components["schemas"]["JudgedQuality"];
            comparison: components["schemas"]["Comparison"];
            threshold: components["schemas"]["DefaultThreshold"];
            /**
             * Format: double
             * @default 0
             */
            hysteresis: number;
            /**
             * Format: uint32
             * @default 1
             */
            times: number;
            /**
             * Format: uint32
             * @default 0
             */
            delay_s: number;
            line: components["schemas"]["Line"];
            line_word: string;
            /** @description One of the table's sources. */
            source: string;
            clause: string;
            confidence: components["schemas"]["Confidence"];
        };
        /** @description Where the line is. */
        DefaultThreshold: {
            /** Format: double */
            fixed: number;
        } | {
            of: string;
            /** Format: double */
            factor: number;
        };
        /** @description For how long a rule may be shelved; data. */
        ShelvingBound: {
            /**
             * Format: uint32
             * @description In seconds.
             */
            longest_s: number;
            source: string;
            confidence: components["schemas"]["Confidence"];
        };
        /** @description What the rule would have found. */
        RuleDryRun: {
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            /**
             * Format: date-time
             * @description How far it came: earlier than `to` when five seconds were over.
             */
            reached: string;
            /**
             * Format: uint
             * @description Readings that were judged, and those that are too bad for this rule.
             */
            readings: number;
            /** Format: uint */
            unjudged: number;
            /**
             * Format: uint
             * @description How often it would have fired.
             */
            fired: number;
            /**
             * Format: int64
             * @description For how long it would have stood, in seconds, within the range.
             */
            stood_s: number;
            /** @description The newest 200, by time. */
            episodes: components["schemas"]["DryRunEpisode"][];
            /**
             * Format: uint
             * @description What was found in that time by the rule's version in force, or by any rule of the
             *     sensor when it is a new one.
             */
            known: number;
            /** @description Of those, what it would not have found; the newest 200. */
            missed: components["schemas"]["DryRunMissed"][];
            /**
             * Format: uint
             * @description How many of its own nobody was told of.
             */
            new: number;
        };
        /** @description From where it would have fired to where it would have been over. */
        DryRunEpisode: {
            /**
             * Format: date-time
             * @description Of the first reading that crossed.
             */
            onset: string;
            /** Format: date-time */
            fired_at: string;
            /**
             * Format: double
             * @description The reading that completed it, in the quantity's unit.
             */
            value: number;
            /** @description What that came to with those before it. */
            over: components["schemas"]["MeasuredOver"] | null;
            /**
             * Format: date-time
             * @description `null` when it stood at the end.
             */
            until: string | null;
            /**
             * Format: uuid
             * @description A finding of that time, when there is one.
             */
            known: string | null;
        };
        /** @description What was made of several readings. */
        MeasuredOver: {
            /**
             * Format: double
             * @description What is held against the line: a change, seconds, a count, a sum.
             */
            value: number;
            /**
             * Format: date-time
             * @description The first reading that it rests on.
             */
            since: string;
            /**
             * Format: double
             * @description That reading, in the quantity's unit.
             */
            from: number;
        };
        /** @description A finding that it would not have made. */
        DryRunMissed: {
            /**
             * Format: uuid
             * @description A finding, and the thread of all that follows from it.
             */
            finding: string;
            /**
             * Format: uuid
             * @description A rule, through all its versions.
             */
            rule: string;
            rule_name: string;
            /** Format: date-time */
            onset: string;
            /** Format: date-time */
            until: string | null;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page43: {
            items: components["schemas"]["RuleProposal"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A rule that somebody has proposed, the last of this rule. */
        RuleProposal: {
            /**
             * Format: uuid
             * @description The rule's; of a new rule it is not there yet.
             */
            id: string;
            region: string;
            /**
             * Format: uuid
             * @description A station.
             */
            station: string;
            station_name: string;
            /**
             * Format: uuid
             * @description A sensor of a station; its series goes by this id.
             */
            sensor: string;
            quantity: components["schemas"]["Quantity"];
            /** @description Of the line: mostly the quantity's. */
            unit: string;
            /**
             * Format: uint32
             * @description The version that it will be.
             */
            version: number;
            draft: components["schemas"]["NewRule"];
            state: components["schemas"]["ProposalState"];
            /**
             * Format: uuid
             * @description Who may not publish it.
             */
            author: string | null;
            /** @description The author's name at that time. */
            proposed_by: string | null;
            /** Format: date-time */
            proposed_at: string;
            /** Format: date-time */
            decided_at: string | null;
            decided_by: string | null;
            /** @description Why it was given back. */
            decided_because: string | null;
        };
        /** @description A rule to be put in force. */
        NewRule: {
            /**
             * Format: uuid
             * @description The rule that this is a new version of; a new rule when absent.
             * @default null
             */
            id: string | null;
            name: string;
            /**
             * Format: uuid
             * @description A sensor of a station; its series goes by this id.
             */
            sensor: string;
            hazard: components["schemas"]["Hazard"];
            level: components["schemas"]["Level"];
            /**
             * @description What is held against the line; the reading itself when absent.
             * @default {
             *       "kind": "value"
             *     }
             */
            measure: components["schemas"]["RuleMeasure"];
            /**
             * @description How good a reading must be to be judged; all that is not bad when absent.
             * @default not_bad
             */
            accepts: components["schemas"]["JudgedQuality"];
            comparison: components["schemas"]["Comparison"];
            /**
             * Format: double
             * @description In the unit of the sensor's quantity.
             */
            threshold: number;
            /**
             * Format: double
             * @description 0 when absent.
             * @default 0
             */
            hysteresis: number;
            /**
             * Format: uint32
             * @description 1 to 100; 1 when absent.
             * @default 1
             */
            times: number;
            /**
             * Format: uint32
             * @description 0 to 86400 seconds; 0 when absent.
             * @default 0
             */
            delay_s: number;
            line: components["schemas"]["Line"];
            line_word: string;
            source: string;
            confidence: components["schemas"]["Confidence"];
        };
        /** @enum {string} */
        ProposalState: "open" | "published" | "returned";
        /** @description A page of a list, sorted by (indexed column, id). */
        Page44: {
            items: components["schemas"]["Finding"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description What a rule found in the readings of a sensor, or a line in what an earthquake shook. */
        Finding: {
            /**
             * Format: uuid
             * @description A finding, and the thread of all that follows from it.
             */
            id: string;
            rule: components["schemas"]["RuleRef"];
            /**
             * Format: uuid
             * @description `null`, as the station, of a county that an earthquake shook.
             */
            sensor: string | null;
            /**
             * Format: uuid
             * @description A station.
             */
            station: string | null;
            station_name: string;
            region: string;
            /**
             * @description A point in CGCS2000 (EPSG:4490), numerically WGS-84 at our scales.
             *
             *     Degrees, longitude first; `-180 <= lon <= 180`, `-90 <= lat <= 90`, both finite.
             */
            point: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            } | null;
            quantity: components["schemas"]["Quantity"];
            unit: string;
            hazard: components["schemas"]["Hazard"];
            level: components["schemas"]["Level"];
            state: components["schemas"]["State4"];
            /** Format: date-time */
            onset: string;
            /** Format: date-time */
            raised_at: string;
            /**
             * Format: int64
             * @description From the arrival of the last value to the record of the finding.
             */
            latency_ms: number;
            /** @description The readings that fired it, by time. */
            values: components["schemas"]["Value"][];
            /** @description A late reading showed, when it was over, that it had been. */
            late: boolean;
            /** @description Its rule was shelved when it was raised and has been since: nobody was called. */
            shelved: boolean;
            /** @description The most extreme reading since the onset. */
            peak: components["schemas"]["Peak"];
            /** Format: date-time */
            cleared_at: string | null;
            cleared_because: components["schemas"]["Because"] | null;
            /** @description What shook, where it is of an earthquake. */
            shaken: components["schemas"]["Shaken"] | null;
            /**
             * Format: uuid
             * @description The thread that runs from this finding to the last task.
             */
            correlation: string;
        };
        /** @description The rule as it stood when it fired. */
        RuleRef: {
            /**
             * Format: uuid
             * @description A rule, through all its versions.
             */
            id: string;
            /** Format: uint32 */
            version: number;
            name: string;
            /**
             * @description What is held against the line.
             * @default {
             *       "kind": "value"
             *     }
             */
            measure: components["schemas"]["RuleMeasure"];
            comparison: components["schemas"]["Comparison"];
            /** Format: double */
            threshold: number;
            /** Format: double */
            hysteresis: number;
            /** Format: uint32 */
            times: number;
            /** Format: uint32 */
            delay_s: number;
            line_word: string;
        };
        /** @enum {string} */
        State4: "active" | "cleared";
        /** @description A reading that fired a rule. */
        Value: {
            /** Format: date-time */
            time: string;
            /**
             * Format: double
             * @description In the quantity's unit.
             */
            value: number;
            /** Format: date-time */
            received: string;
            /** @description SHA-256 of the frame that brought it, when it is known: a document's name. */
            frame: string | null;
            /**
             * @description What it came to with readings before it; `null` when it alone is judged.
             * @default null
             */
            over: components["schemas"]["MeasuredOver"] | null;
        };
        Peak: {
            /** Format: date-time */
            time: string;
            /** Format: double */
            value: number;
        };
        /** @description Why a finding ended. */
        Because: "back" | "retired" | "revised";
        /** @description A county that an earthquake shook. */
        Shaken: {
            /**
             * Format: uuid
             * @description An earthquake.
             */
            earthquake: string;
            /**
             * Format: uuid
             * @description What an earthquake shook.
             */
            shaking: string;
            /**
             * Format: uint32
             * @description Of the estimate that it rests on.
             */
            revision: number;
            county: string;
            /** @description The least and the greatest degree that may have been reached somewhere in it. */
            degree: [
                number,
                number
            ];
            /** @description The whole of it in words, without a full stop. */
            words: string;
            /**
             * Format: uuid
             * @description The finding that an earlier estimate of the same earthquake raised here.
             */
            earlier: string | null;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page45: {
            items: components["schemas"]["Silence"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A silence as the API gives it. */
        Silence: {
            /**
             * Format: uuid
             * @description A silence of sensors, of a station or of a door.
             */
            id: string;
            region: string | null;
            what: components["schemas"]["SilenceOf"];
            /** @description What says nothing, in words. */
            title: string;
            /**
             * Format: uuid
             * @description Whose page tells more: the station, that of the sensors, or the relay where the
             *     caller sees it.
             */
            station: string | null;
            /**
             * Format: uint
             * @description How many stations or sensors it is of, seen or not.
             */
            members: number;
            protocol: components["schemas"]["Protocol"];
            protocol_word: string;
            /**
             * Format: date-time
             * @description When the last word came, of any member.
             */
            last_heard: string;
            /**
             * Format: date-time
             * @description From when on the time was counted; later than `last_heard` when nothing could have
             *     been heard for a while: this node was down, or the station was stopped.
             */
            since: string;
            /**
             * Format: int64
             * @description How long it may say nothing; of many, the one whose time was up first.
             */
            patience_s: number;
            /** @description Where that number is from: a source of `patience.json`, or `person`. */
            patience_source: string;
            /** Format: date-time */
            found_at: string;
            state: components["schemas"]["SilenceState"];
            /** Format: date-time */
            ended_at: string | null;
            ended_because: components["schemas"]["SilenceEndedBecause"] | null;
        };
        /** @description What says nothing. */
        SilenceOf: {
            station: {
                /**
                 * Format: uuid
                 * @description A station.
                 */
                station: string;
                name: string;
            };
        } | {
            sensors: {
                /**
                 * Format: uuid
                 * @description A station.
                 */
                station: string;
                name: string;
            };
        } | {
            relay: {
                /**
                 * Format: uuid
                 * @description A station.
                 */
                relay: string;
            };
        } | {
            door: {
                region: string | null;
            };
        };
        /** @enum {string} */
        SilenceState: "active" | "ended";
        SilenceEndedBecause: "heard" | "stopped";
        /** @description One silence, and how many of its members the caller does not see. */
        SilenceInFull: {
            /**
             * Format: uuid
             * @description A silence of sensors, of a station or of a door.
             */
            id: string;
            region: string | null;
            what: components["schemas"]["SilenceOf"];
            /** @description What says nothing, in words. */
            title: string;
            /**
             * Format: uuid
             * @description Whose page tells more: the station, that of the sensors, or the relay where the
             *     caller sees it.
             */
            station: string | null;
            /**
             * Format: uint
             * @description How many stations or sensors it is of, seen or not.
             */
            members: number;
            protocol: components["schemas"]["Protocol"];
            protocol_word: string;
            /**
             * Format: date-time
             * @description When the last word came, of any member.
             */
            last_heard: string;
            /**
             * Format: date-time
             * @description From when on the time was counted; later than `last_heard` when nothing could have
             *     been heard for a while: this node was down, or the station was stopped.
             */
            since: string;
            /**
             * Format: int64
             * @description How long it may say nothing; of many, the one whose time was up first.
             */
            patience_s: number;
            /** @description Where that number is from: a source of `patience.json`, or `person`. */
            patience_source: string;
            /** Format: date-time */
            found_at: string;
            state: components["schemas"]["SilenceState"];
            /** Format: date-time */
            ended_at: string | null;
            ended_because: components["schemas"]["SilenceEndedBecause"] | null;
            /** Format: uint */
            outside: number;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page46: {
            items: components["schemas"]["SilenceMember"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A station or a sensor that says nothing. */
        SilenceMember: {
            /** Format: uuid */
            id: string;
            /** @description What it was called then. */
            name: string;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page47: {
            items: components["schemas"]["ShakingResult"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description What was said of what an earthquake shook, at one time. */
        ShakingResult: {
            /**
             * Format: uuid
             * @description What an earthquake shook.
             */
            shaking: string;
            /** Format: uint32 */
            revision: number;
            /** Format: date-time */
            said_at: string;
            /**
             * Format: uuid
             * @description The report that it rests on.
             */
            report: string | null;
            /** @description Whether something was said after it. */
            superseded: boolean;
            estimate: components["schemas"]["ShakingEstimate"] | null;
            why: components["schemas"]["ShakingWithheldBecause"] | null;
        };
        /** @description An estimate, with the model that it is by. */
        ShakingEstimate: {
            model: components["schemas"]["ShakingModel"];
            /**
             * Format: double
             * @description Ms, which the model is made for.
             */
            surface_wave: number;
            scale_taken: components["schemas"]["ScaleTaken"];
            /**
             * Format: double
             * @description Of the report; the model itself takes no account of a depth within the crust.
             */
            depth_km: number | null;
            /** @description Whether that depth is one that agencies put when they could not tell. */
            depth_is_default: boolean;
            /**
             * @description A point in CGCS2000 (EPSG:4490), numerically WGS-84 at our scales.
             *
             *     Degrees, longitude first; `-180 <= lon <= 180`, `-90 <= lat <= 90`, both finite.
             */
            epicentre: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            };
            /** @description Within which each degree is reached, Ⅻ first. */
            lines: components["schemas"]["ShakingLine"][];
            people: components["schemas"]["ShakenPeople"];
            /** @description The strongest first. */
            counties: components["schemas"]["ShakenCounty"][];
            /**
             * Format: uint32
             * @description Counties that lie wholly beyond what the model holds for: not assessed.
             */
            counties_beyond: number;
            /** @description The strongest first. */
            towns: components["schemas"]["ShakenTown"][];
            /** @description Another relation's lines: how far published models differ. */
            second: components["schemas"]["ShakingSecond"] | null;
        };
        /** @description By what it was estimated. */
        ShakingModel: {
            id: string;
            name: string;
            /** @description Of the definitions and of the coefficients. */
            version: string;
            /** @description Of the coefficients. */
            source: string;
            confidence: components["schemas"]["Confidence"];
            zone: string;
            zone_source: string;
            /** @description Why a magnitude without a scale is taken for Ms, and by what counties are levelled. */
            scale_source: string;
            lines_source: string;
            /**
             * Format: double
             * @description Farther than this nothing is said, km.
             */
            reach_km: number;
            /** @description What it does not know, by codes. */
            unknown: string[];
        };
        /** @description How the magnitude became Ms. */
        ScaleTaken: "said" | "converted" | "assumed";
        /**
         * @description How far a degree reaches along the short axis and along the long one, whose direction
         *     is not known: surely within the first, perhaps within the second. km; `null` is farther
         *     than the model holds.
         */
        ShakingLine: {
            /** Format: uint8 */
            degree: number;
            /** Format: double */
            short_km: number | null;
            /** Format: double */
            long_km: number | null;
        };
        /** @description How many people of the listed places shook how strongly: each "at least". */
        ShakenPeople: {
            /** @description `[12]`: with this degree or more by the least that it may have been, Ⅰ first. */
            surely: number[];
            /** @description The same by the most. */
            perhaps: number[];
            /**
             * Format: uint64
             * @description Of places beyond what the model holds for.
             */
            not_assessed: number;
            /**
             * Format: uint32
             * @description Places whose people are known, and those whose are not.
             */
            places: number;
            /** Format: uint32 */
            places_without: number;
            source: string;
            /**
             * Format: uint16
             * @description The year in which they were counted; `null` where the source does not say.
             */
            year: number | null;
        };
        /** @description What shook of a county. */
        ShakenCounty: {
            code: string;
            name: string;
            name_en: string | null;
            /** @description At its label point; `null` beyond what the model holds for. */
            seat: components["schemas"]["ShakingFelt"] | null;
            /** @description Where it is nearest to the epicentre. */
            strongest: components["schemas"]["ShakingFelt"];
            /** @description The least and the greatest degree that this may be. */
            degree: [
                number,
                number
            ];
            /** @description Shares of its area, where its outline is known, from Ⅴ on. */
            shares: components["schemas"]["ShakenShare"][];
        };
        /** @description Intensity at a place: between two values, to one decimal. */
        ShakingFelt: {
            /** Format: double */
            least: number;
            /** Format: double */
            most: number;
        };
        /** @description Which share of a county shook with a degree or more, 0 to 1. */
        ShakenShare: {
            /** Format: uint8 */
            degree: number;
            /** Format: double */
            surely: number;
            /** Format: double */
            perhaps: number;
        };
        /** @description A listed place that shook. */
        ShakenTown: {
            name: string;
            name_en: string;
            county: string | null;
            /**
             * Format: uint64
             * @description `null`: not known, and not nobody.
             */
            people: number | null;
            felt: components["schemas"]["ShakingFelt"];
            degree: [
                number,
                number
            ];
        };
        /** @description Another relation. */
        ShakingSecond: {
            id: string;
            name: string;
            source: string;
            confidence: components["schemas"]["Confidence"];
            lines: components["schemas"]["ShakingLine"][];
        };
        /** @description Why nothing is estimated. */
        ShakingWithheldBecause: {
            /** @constant */
            code: "deep";
            /** Format: double */
            depth_km: number;
        } | {
            /** @constant */
            code: "deep_by_another";
            agency: string | null;
            event: string;
            /** Format: double */
            depth_km: number;
        } | {
            /** @constant */
            code: "unconfirmed";
            area: string;
            /** Format: double */
            depth_km: number | null;
        } | {
            /** @constant */
            code: "no_magnitude";
        } | {
            /** @constant */
            code: "no_conversion";
            scale: string;
        } | {
            /** @constant */
            code: "range";
            /** Format: double */
            surface_wave: number;
            /** Format: double */
            least: number;
            /** Format: double */
            most: number;
        } | {
            /** @constant */
            code: "no_model";
            problem: string;
        } | {
            /** @constant */
            code: "not_an_earthquake";
            kind: string;
        } | {
            /** @constant */
            code: "withdrawn";
        } | {
            /** @constant */
            code: "merged";
            /**
             * Format: uuid
             * @description An earthquake.
             */
            into: string;
        };
        /** @description What stands where it shook. */
        ShakingExposed: {
            /**
             * Format: uint8
             * @description From this degree on something is listed.
             */
            from_degree: number;
            /** @description The strongest first; `null` when the caller may not see any. */
            sites: components["schemas"]["ShakingListedExposedSite"] | null;
            stations: components["schemas"]["ShakingListedExposedStation"] | null;
        };
        ShakingListedExposedSite: {
            items: components["schemas"]["ExposedSite"][];
            /** @description Whether there are more than were looked at. */
            more: boolean;
        };
        ExposedSite: {
            /**
             * Format: uuid
             * @description A site: a mine, a pond, a hazard source, a tank.
             */
            id: string;
            /** @description `mine`, `pond` and so on. */
            kind: string;
            name: string;
            /**
             * @description A point in CGCS2000 (EPSG:4490), numerically WGS-84 at our scales.
             *
             *     Degrees, longitude first; `-180 <= lon <= 180`, `-90 <= lat <= 90`, both finite.
             */
            point: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            };
            felt: components["schemas"]["ShakingFelt"];
            degree: [
                number,
                number
            ];
        };
        ShakingListedExposedStation: {
            items: components["schemas"]["ExposedStation"][];
            /** @description Whether there are more than were looked at. */
            more: boolean;
        };
        ExposedStation: {
            /**
             * Format: uuid
             * @description A station.
             */
            id: string;
            name: string;
            /**
             * @description A point in CGCS2000 (EPSG:4490), numerically WGS-84 at our scales.
             *
             *     Degrees, longitude first; `-180 <= lon <= 180`, `-90 <= lat <= 90`, both finite.
             */
            point: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            };
            /**
             * Format: int64
             * @description How many sensors it has.
             */
            sensors: number;
            felt: components["schemas"]["ShakingFelt"];
            degree: [
                number,
                number
            ];
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page48: {
            items: components["schemas"]["Notice"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A notice as the API gives it. */
        Notice: {
            /**
             * Format: uuid
             * @description A risk notice.
             */
            id: string;
            /** @description 文号, such as `T-220282-0803-01`. */
            number: string;
            /** Format: uuid */
            finding: string;
            /** Format: uuid */
            correlation: string;
            /**
             * Format: uuid
             * @description `null` of a county that an earthquake shook.
             */
            station: string | null;
            station_name: string;
            region: string;
            /**
             * Format: uuid
             * @description The organisation whose station it is about.
             */
            org: string | null;
            hazard: components["schemas"]["Hazard"];
            level: components["schemas"]["Level"];
            title: string;
            text: string;
            /** @description 发布单位. */
            issuer: string;
            /** @description The rule in whose name it went out by itself. */
            signer: string;
            /** Format: date-time */
            sent_at: string;
            state: components["schemas"]["NoticeState"];
            /**
             * Format: date-time
             * @description By when somebody has to take it.
             */
            due_at: string;
            acknowledged: components["schemas"]["Acknowledgement"] | null;
            /**
             * Format: date-time
             * @description By when the desk has to verify it, from when it was taken on. `null` also of one that
             *     was taken and answered in one step, as it was before there were two.
             */
            verify_by: string | null;
            /** @description What it waits for now; `null` when for nobody. */
            step: components["schemas"]["NoticeStep"] | null;
            /**
             * Format: date-time
             * @description When it goes up, or further up, unless somebody acts.
             */
            next_at: string | null;
            /** @description The desk's last final word. */
            verified: components["schemas"]["NoticeVerification"] | null;
            /** Format: date-time */
            closed_at: string | null;
            /** @description All that was said of it, the oldest first. */
            checks: components["schemas"]["NoticeCheck"][];
            /** @description Each time it went up, the first one first. */
            escalations: components["schemas"]["NoticeEscalation"][];
        };
        NoticeState: "sent" | "overdue" | "acknowledged" | "unverified" | "verified" | "closed";
        /** @description Who took a notice, when, and what they answered. */
        Acknowledgement: {
            /** Format: uuid */
            person: string | null;
            /** @description The person's name at that moment. */
            by: string;
            /** Format: date-time */
            at: string;
            feedback: string | null;
        };
        /** @description What a notice waits for. */
        NoticeStep: "acknowledge" | "verify";
        /** @description The desk's final word on a notice. */
        NoticeVerification: {
            verdict: components["schemas"]["NoticeVerdict"];
            by: string;
            /** Format: date-time */
            at: string;
            /** @description Whether the first final word came within its limit; a later one only puts it right. */
            in_time: boolean;
        };
        /** @description What was found on looking. */
        NoticeVerdict: "confirmed" | "false_alarm" | "checking";
        /** @description Something that was said of a notice. */
        NoticeCheck: {
            /** Format: date-time */
            at: string;
            side: components["schemas"]["NoticeSide"];
            verdict: components["schemas"]["NoticeVerdict"];
            words: string;
            /** Format: uuid */
            person: string | null;
            by: string;
        };
        /** @description Whose word it is. */
        NoticeSide: "desk" | "enterprise";
        /** @description A notice went up. */
        NoticeEscalation: {
            /** Format: date-time */
            at: string;
            from: string;
            from_name: string;
            /** @description `null`: there is no division above. */
            to: string | null;
            to_name: string;
            why: components["schemas"]["NoticeStep"];
            /**
             * @description Whether this node serves the division above. Where it does not, nobody there was
             *     told by it.
             */
            told: boolean;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page49: {
            items: components["schemas"]["Warning"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A warning as the API gives it. */
        Warning: {
            /**
             * Format: uuid
             * @description A warning.
             */
            id: string;
            /** @description 文号, such as `Y-220282-0803-02`. */
            number: string | null;
            level: components["schemas"]["Level"];
            hazard: components["schemas"]["Hazard"];
            title: string;
            state: components["schemas"]["Status"];
            region: string;
            region_name: string;
            /** @description Other divisions that it concerns, which see it as their own do. */
            reach: components["schemas"]["Reached"][];
            /** @description The caller sees it only because it reaches into what they see: others decide. */
            only_reached: boolean;
            /** Format: uuid */
            station: string | null;
            station_name: string | null;
            /**
             * @description A point in CGCS2000 (EPSG:4490), numerically WGS-84 at our scales.
             *
             *     Degrees, longitude first; `-180 <= lon <= 180`, `-90 <= lat <= 90`, both finite.
             */
            point: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            } | null;
            /**
             * Format: uuid
             * @description The finding that it was proposed for.
             */
            finding: string | null;
            /** @description All findings that it rests on. */
            findings: string[];
            /** Format: uuid */
            correlation: string;
            content: components["schemas"]["Content"];
            /** @description `null`: proposed by a rule. */
            author: components["schemas"]["Signed"] | null;
            reviewer: components["schemas"]["Commented"] | null;
            /** @description Why it was sent back, while it is returned. */
            returned: components["schemas"]["Reasoned"] | null;
            issuer: components["schemas"]["Signed"] | null;
            urgent: components["schemas"]["Urgent"] | null;
            /** Format: date-time */
            expires: string | null;
            lifted: components["schemas"]["Reasoned"] | null;
            discarded: components["schemas"]["Reasoned"] | null;
            /** Format: date-time */
            closed_at: string | null;
            /**
             * Format: uuid
             * @description A warning.
             */
            supersedes: string | null;
            /**
             * Format: uuid
             * @description A warning.
             */
            superseded_by: string | null;
            /**
             * Format: date-time
             * @description A hint to lift it: when all its findings had cleared.
             */
            danger_passed_at: string | null;
            /** Format: date-time */
            opened_at: string;
            /** @description What the caller may do with it now. */
            allowed: components["schemas"]["Action"][];
        };
        /** @description Where a warning stands. */
        Status: "proposed" | "reviewed" | "returned" | "issued" | "lifted" | "expired" | "discarded" | "superseded";
        /** @description A division that a warning concerns beside its own. */
        Reached: {
            region: string;
            name: string;
        };
        /**
         * @description What a warning must state (突发事件应对法 2024, art. 64): 类别、级别、起始时间、
         *     可能影响的范围、警示事项、应当采取的措施、发布单位、发布时间.
         */
        Content: {
            /** @description 类别: 洪水. */
            class: string;
            /** @description 级别. */
            level: components["schemas"]["Level"];
            /**
             * Format: date-time
             * @description 起始时间.
             */
            starts: string;
            /** @description 可能影响的范围. */
            area: string;
            /** @description 警示事项. */
            matters: string;
            /** @description 应当采取的措施, one a line. */
            measures: string;
            /** @description 发布单位. */
            issuer: string;
            /**
             * Format: date-time
             * @description 发布时间; `null` until it is issued.
             */
            issued_at: string | null;
        };
        Signed: {
            /** Format: uuid */
            person: string;
            name: string;
            /** Format: date-time */
            at: string;
        };
        Commented: {
            /** Format: uuid */
            person: string;
            name: string;
            /** Format: date-time */
            at: string;
            comment: string | null;
        };
        Reasoned: {
            /** Format: uuid */
            person: string;
            name: string;
            /** Format: date-time */
            at: string;
            reason: string;
        };
        Urgent: {
            reason: string;
            /** Format: date-time */
            review_due: string;
            /** @description The review was late, or is. */
            missed: boolean;
            /** Format: date-time */
            reviewed_at: string | null;
            reviewed_by: string | null;
            comment: string | null;
        };
        /**
         * @description What a person may do with a warning.
         * @enum {string}
         */
        Action: "edit" | "review" | "return" | "issue" | "issue_urgent" | "review_after" | "extend" | "lift" | "discard";
        /** @description A page of a list, sorted by (indexed column, id). */
        Page50: {
            items: components["schemas"]["CapMessage"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description What was told of a warning. */
        CapMessage: {
            /**
             * Format: uuid
             * @description A message that a public warning became.
             */
            id: string;
            /**
             * Format: uuid
             * @description This one, or one whose place it took.
             */
            warning: string;
            /** @description `Alert`, `Update` or `Cancel`. */
            msg_type: string;
            /** @description `Actual`, `Exercise` or `Test`. */
            status: string;
            sender: string;
            identifier: string;
            /** Format: date-time */
            sent: string;
            /** Format: date-time */
            ends: string | null;
            /** @description As every subscriber gets it. */
            xml: string;
            /** Format: date-time */
            made_at: string;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page51: {
            items: components["schemas"]["Received"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A message of another authority. */
        Received: {
            /**
             * Format: uuid
             * @description A message that was received, or what came and was none.
             */
            id: string;
            state: components["schemas"]["ReceivedState"];
            /** @description Who brought it. */
            source: string;
            sender: string;
            identifier: string;
            /** Format: date-time */
            sent: string;
            /** @description `Actual`, `Exercise`, `Test` and others; empty when it does not say. */
            status: string;
            scope: string;
            msg_type: string;
            /** @description The authority that issued it. */
            sender_name: string;
            event: string;
            headline: string;
            area: string;
            level: components["schemas"]["Level"] | null;
            severity: string | null;
            urgency: string | null;
            certainty: string | null;
            /** Format: date-time */
            begins: string | null;
            /** Format: date-time */
            ends: string | null;
            /**
             * Format: uuid
             * @description By which message it was replaced or cancelled.
             */
            ended_by: string | null;
            /** @description What is wrong with it. */
            faults: string[];
            /**
             * Format: int64
             * @description Faults beyond those.
             */
            more_faults: number;
            /** @description SHA-256 of what came. */
            hash: string;
            /** Format: int64 */
            bytes: number;
            /** Format: date-time */
            received_at: string;
        };
        /** @description Where a received message stands. */
        ReceivedState: ("in_force" | "expired") | "updated" | "cancelled" | "ending" | "not_real";
        /** @description What became of what came. */
        TakenMessages: {
            /** @description New ones. */
            taken: string[];
            /** @description Those that were here before. */
            known: string[];
            /** @description Why some were refused; they are kept for a person to look at. */
            refused: string[];
            /**
             * Format: uint
             * @description Entries of a feed that only link to their message.
             */
            linked: number;
        };
        /** @description A message of another authority, with what it says. */
        ReceivedWhole: {
            /**
             * Format: uuid
             * @description A message that was received, or what came and was none.
             */
            id: string;
            state: components["schemas"]["ReceivedState"];
            /** @description Who brought it. */
            source: string;
            sender: string;
            identifier: string;
            /** Format: date-time */
            sent: string;
            /** @description `Actual`, `Exercise`, `Test` and others; empty when it does not say. */
            status: string;
            scope: string;
            msg_type: string;
            /** @description The authority that issued it. */
            sender_name: string;
            event: string;
            headline: string;
            area: string;
            level: components["schemas"]["Level"] | null;
            severity: string | null;
            urgency: string | null;
            certainty: string | null;
            /** Format: date-time */
            begins: string | null;
            /** Format: date-time */
            ends: string | null;
            /**
             * Format: uuid
             * @description By which message it was replaced or cancelled.
             */
            ended_by: string | null;
            /** @description What is wrong with it. */
            faults: string[];
            /**
             * Format: int64
             * @description Faults beyond those.
             */
            more_faults: number;
            /** @description SHA-256 of what came. */
            hash: string;
            /** Format: int64 */
            bytes: number;
            /** Format: date-time */
            received_at: string;
            /** @description In each of its languages; empty where the original does not lie. */
            infos: components["schemas"]["ReceivedInfo"][];
            /** @description The whole chain as far as it came, the oldest first. */
            chain: components["schemas"]["Received"][];
            /** @description As it came; `null` where it does not lie, or when it is no text. */
            original: string | null;
            /** @description The original carries a signature, which is not checked. */
            is_signed: boolean;
        };
        /** @description What a message says in one language. */
        ReceivedInfo: {
            language: string;
            category: string[];
            event: string;
            headline: string;
            description: string;
            instruction: string;
            contact: string;
            web: string;
            areas: components["schemas"]["ReceivedArea"][];
        };
        ReceivedArea: {
            name: string;
            /** @description Names of lists with values. */
            codes: [
                string,
                string
            ][];
            /** @description Rings as longitude and latitude; those that cannot be read are left out and counted. */
            polygons: [
                number,
                number
            ][][];
            /** @description Longitude, latitude, kilometres. */
            circles: [
                number,
                number,
                number
            ][];
            /** Format: uint */
            unreadable: number;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page52: {
            items: components["schemas"]["ReceivedReject"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description What came and was no message. */
        ReceivedReject: {
            /**
             * Format: uuid
             * @description A message that was received, or what came and was none.
             */
            id: string;
            source: string;
            /** @description What was seen and what was expected. */
            reason: string;
            hash: string;
            /** Format: int64 */
            bytes: number;
            /** Format: date-time */
            received_at: string;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page53: {
            items: components["schemas"]["Ladder"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A ladder as the API gives it. */
        Ladder: {
            /**
             * Format: uuid
             * @description A ladder: who is told in a region, step by step.
             */
            id: string;
            /**
             * Format: int64
             * @description Goes up with each change; a change says which one was read.
             */
            revision: number;
            region: string | null;
            region_name: string | null;
            plan: components["schemas"]["LadderPlan"];
            /** @description Everybody of its steps, as they are called now. */
            people: components["schemas"]["LadderPerson"][];
            retired: boolean;
            reason: string | null;
            /** Format: date-time */
            drawn_at: string;
            /** Format: date-time */
            changed_at: string;
        };
        /** @description What a ladder says. */
        LadderPlan: {
            /** @description 1 to 60 characters. */
            name: string;
            /** @description The levels that it is climbed for: at least one, each once. */
            levels: components["schemas"]["Level"][];
            /** @description 1 to 8, in their order. */
            steps: components["schemas"]["LadderStep"][];
        };
        /** @description Who is told at one time, by what, and how long they have. */
        LadderStep: {
            /** @description 1 to 20, each once. */
            contacts: string[];
            /** @description At least one, each once. */
            channels: components["schemas"]["CallChannel"][];
            /**
             * Format: uint16
             * @description Minutes until the next step when nobody answers, 1 to 120.
             */
            wait_minutes: number;
        };
        /** @description By what somebody is told. */
        CallChannel: "in_app" | "phone" | "mail" | "webhook";
        /** @description Somebody of a ladder, as they are called now. */
        LadderPerson: {
            /**
             * Format: uuid
             * @description Somebody in the contact book; the key of mobile and e-mail is theirs.
             */
            id: string;
            name: string;
            duty: string;
            /** @description They are told no more: the ladder wants another. */
            retired: boolean;
        };
        /** @description What a new ladder starts with. */
        LadderDefault: {
            title: string;
            /** @description Where it comes from, and how far that goes. */
            source: string;
            edition: string;
            /** @description How sure we are: `high`, `medium` or `low`. */
            confidence: string;
            levels: components["schemas"]["Level"][];
            channels: components["schemas"]["CallChannel"][];
            /** Format: uint16 */
            wait_minutes: number;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page54: {
            items: components["schemas"]["Calling"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A calling with its ledger. */
        Calling: {
            /**
             * Format: uuid
             * @description People being told of one notice or warning.
             */
            id: string;
            region: string | null;
            region_name: string | null;
            /** Format: uuid */
            correlation: string;
            about: components["schemas"]["CallingAbout"];
            title: string;
            text: string;
            hazard: components["schemas"]["Hazard"];
            level: components["schemas"]["Level"];
            ladder: components["schemas"]["CallingLadder"];
            state: components["schemas"]["CallingState"];
            /**
             * Format: uint32
             * @description How many steps have been taken.
             */
            step: number;
            /**
             * Format: date-time
             * @description When the next comes, or that nobody answered is certain.
             */
            due_at: string | null;
            /** Format: date-time */
            begun_at: string;
            /** @description Who answered first. */
            answer: components["schemas"]["CallingAnswer"] | null;
            /** @description How it ended without an answer. */
            ended: components["schemas"]["CallingEnd"] | null;
            steps: components["schemas"]["CallingStep"][];
        };
        /** @description What people are told of. */
        CallingAbout: {
            /** @description `notice` or `warning`. */
            noun: string;
            /** Format: uuid */
            id: string;
        };
        /** @description The ladder that is climbed, as it was then. */
        CallingLadder: {
            /**
             * Format: uuid
             * @description A ladder: who is told in a region, step by step.
             */
            id: string;
            name: string;
            /** Format: int64 */
            revision: number;
        };
        CallingState: "answered" | "calling" | "exhausted" | "ended";
        /** @description Who answered first. */
        CallingAnswer: {
            /**
             * Format: uuid
             * @description Somebody in the contact book; the key of mobile and e-mail is theirs.
             */
            contact: string;
            name: string;
            /** Format: uint32 */
            step: number;
            channel: components["schemas"]["CallChannel"];
            words: string;
            recorded_by: string | null;
            /** Format: date-time */
            at: string;
        };
        /** @description How it ended without an answer. */
        CallingEnd: {
            because: components["schemas"]["CallingBecause"];
            by: string | null;
            reason: string | null;
            /** Format: date-time */
            at: string;
        };
        /** @description Why nobody needs to answer any more. */
        CallingBecause: ("lifted" | "expired" | "superseded") | "acknowledged" | "person";
        /** @description A step, as it was when the calling began. */
        CallingStep: {
            /**
             * Format: uint32
             * @description 1 for the first.
             */
            step: number;
            /** Format: int64 */
            wait_s: number;
            channels: components["schemas"]["CallChannel"][];
            people: components["schemas"]["CallingPerson"][];
        };
        /** @description Somebody of a step. */
        CallingPerson: {
            /**
             * Format: uuid
             * @description Somebody in the contact book; the key of mobile and e-mail is theirs.
             */
            contact: string;
            name: string;
            duty: string;
            /** @description What was tried, once the step was taken. */
            calls: components["schemas"]["CallingCall"][];
        };
        /** @description A line of the ledger. */
        CallingCall: {
            channel: components["schemas"]["CallChannel"];
            state: components["schemas"]["CallState"];
            /**
             * Format: date-time
             * @description Since when it stands so.
             */
            at: string;
            /**
             * Format: int64
             * @description How often it was tried.
             */
            times: number;
            why: string | null;
            words: string | null;
            /** @description Who recorded it, by name. */
            by: string | null;
        };
        /** @description How it stands with one person by one channel on one step. */
        CallState: ("answered" | "refused") | "placed" | "to_dial" | "queued" | "attempted" | "delivered" | "failed" | "uncertain" | "suppressed" | "withdrawn" | "missed" | "unreachable";
        /** @description A page of a list, sorted by (indexed column, id). */
        Page55: {
            items: components["schemas"]["OwnCalling"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description What somebody is told inside, on whatever page they are. */
        OwnCalling: {
            /**
             * Format: uuid
             * @description People being told of one notice or warning.
             */
            id: string;
            about: components["schemas"]["CallingAbout"];
            title: string;
            text: string;
            hazard: components["schemas"]["Hazard"];
            level: components["schemas"]["Level"];
            state: components["schemas"]["CallingState"];
            /** Format: date-time */
            begun_at: string;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page56: {
            items: components["schemas"]["Incident"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /**
         * @description An incident as the API gives it. Level, event grade and response level are
         *     three things: the colour of its warning, how grave it is, what was started.
         */
        Incident: {
            /**
             * Format: uuid
             * @description An incident.
             */
            id: string;
            /** @description `E-0803-01` */
            number: string;
            title: string;
            detail: string | null;
            hazard: components["schemas"]["Hazard"];
            level: components["schemas"]["Level"] | null;
            /** @description The event grade; `null` while none has been given. */
            grade: string | null;
            /** @description The response level; `null` while no plan has been started. */
            response: string | null;
            state: components["schemas"]["IncidentState"];
            region: string;
            region_name: string;
            /**
             * @description A point in CGCS2000 (EPSG:4490), numerically WGS-84 at our scales.
             *
             *     Degrees, longitude first; `-180 <= lon <= 180`, `-90 <= lat <= 90`, both finite.
             */
            point: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            } | null;
            place: string;
            /** @description The node that owns it and alone changes it, when that is another one. */
            owner: string | null;
            /** Format: date-time */
            opened_at: string;
            opened_by: string | null;
            source: components["schemas"]["SourceKind"];
            /** Format: uuid */
            warning: string | null;
            /** Format: uuid */
            intake: string | null;
            /** Format: uuid */
            correlation: string;
            /**
             * @description Who called, masked; only for holders of `intake.read`, only for one incident,
             *     and only while the intake is kept.
             */
            caller: components["schemas"]["CallerShown"] | null;
            casualties: components["schemas"]["Casualties"] | null;
            tasks: components["schemas"]["Tally"];
            /** Format: date-time */
            closed_at: string | null;
            closed_by: string | null;
            closed_reason: string | null;
        };
        /** @enum {string} */
        IncidentState: "open" | "closed";
        /**
         * @description Where an incident came from, without which one.
         * @enum {string}
         */
        SourceKind: "warning" | "call";
        /** @description Who called: `于**`, `138****0417`. */
        CallerShown: {
            name: string;
            phone: string;
        };
        /** @description People harmed, as reported; `None` is "not known", which is not 0. */
        Casualties: {
            /** Format: uint32 */
            dead: number | null;
            /** Format: uint32 */
            injured: number | null;
            /** Format: uint32 */
            trapped: number | null;
        };
        /** @description How many tasks of an incident are where. */
        Tally: {
            /**
             * Format: uint32
             * @description Assigned or accepted.
             */
            open: number;
            /**
             * Format: uint32
             * @description Of the open ones, those past a limit.
             */
            overdue: number;
            /** Format: uint32 */
            done: number;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page57: {
            items: components["schemas"]["TimelineItem"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description One line of the time line. */
        TimelineItem: {
            /** Format: int64 */
            seq: number;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            at: string;
            kind: string;
            /** Format: uuid */
            subject: string;
            title: string;
            detail: string | null;
            /** @description Who did it; `null` is the system itself. */
            by: string | null;
            significant: boolean;
            /**
             * Format: int64
             * @description The seq of the line that this one corrects; that line stays as it was.
             */
            corrects: number | null;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page58: {
            items: components["schemas"]["IntakeLine"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /**
         * @description A call in a list: name and number masked, the text cut short; all of them empty when
         *     its key is not on this node.
         */
        IntakeLine: {
            /**
             * Format: uuid
             * @description A call being taken down; the id is made by the browser.
             */
            id: string;
            /** Format: int64 */
            revision: number;
            owner: components["schemas"]["Person"];
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            saved_at: string;
            /** Format: uuid */
            incident: string | null;
            caller: string;
            phone: string;
            place: string;
            region: string | null;
            hazard: components["schemas"]["Hazard"] | null;
            what: string;
        };
        /**
         * @description A person, with the name of that moment: a later change of name does not
         *     rewrite what was done.
         */
        Person: {
            /** Format: uuid */
            person: string;
            name: string;
        };
        /** @description A call with its form. */
        Intake: {
            /**
             * Format: uuid
             * @description A call being taken down; the id is made by the browser.
             */
            id: string;
            /**
             * Format: int64
             * @description Goes up with each change.
             */
            revision: number;
            owner: components["schemas"]["Person"];
            /** Format: date-time */
            started_at: string;
            /** Format: date-time */
            saved_at: string;
            /**
             * Format: uuid
             * @description What it was opened as.
             */
            incident: string | null;
            /**
             * @description Who calls; at most 64 characters.
             * @default
             */
            caller: string;
            /**
             * @description At most 32 characters.
             * @default
             */
            phone: string;
            /**
             * @description Where, in the caller's words; at most 200 characters.
             * @default
             */
            place: string;
            /**
             * @description What happened, in the caller's words; at most 4 000 characters.
             * @default
             */
            what: string;
            /** @default null */
            region: string | null;
            /**
             * @description A point in CGCS2000 (EPSG:4490), numerically WGS-84 at our scales.
             *
             *     Degrees, longitude first; `-180 <= lon <= 180`, `-90 <= lat <= 90`, both finite.
             * @default null
             */
            point: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            } | null;
            /** @default null */
            hazard: components["schemas"]["Hazard"] | null;
            /**
             * Format: uint32
             * @default null
             */
            dead: number | null;
            /**
             * Format: uint32
             * @default null
             */
            injured: number | null;
            /**
             * Format: uint32
             * @default null
             */
            trapped: number | null;
        };
        Saved: {
            /** Format: date-time */
            saved_at: string;
            /** Format: int64 */
            revision: number;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page59: {
            items: components["schemas"]["Task"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A task as the API gives it. */
        Task: {
            /**
             * Format: uuid
             * @description A task.
             */
            id: string;
            /** @description `R-0217` */
            number: string;
            /**
             * Format: uuid
             * @description An incident.
             */
            incident: string;
            incident_title: string;
            region: string;
            title: string;
            detail: string;
            assignee: components["schemas"]["Person"];
            state: components["schemas"]["TaskState"];
            /** Format: date-time */
            assigned_at: string;
            assigned_by: components["schemas"]["Person"] | null;
            /** Format: date-time */
            accept_by: string;
            /** Format: date-time */
            due_at: string;
            /** Format: date-time */
            accepted_at: string | null;
            /**
             * Format: date-time
             * @description When it was done, declined or cancelled.
             */
            ended_at: string | null;
            /** Format: date-time */
            done_at: string | null;
            /** @description A limit that still runs has passed. */
            overdue: boolean;
            /** @description A limit passed at some time, whatever came after. */
            was_late: boolean;
            /** @description What was reported, or why it was declined or cancelled. */
            report: string | null;
            /** @description What the caller may do with it now. */
            allowed: components["schemas"]["Action2"][];
        };
        /** @enum {string} */
        TaskState: "assigned" | "accepted" | "done" | "declined" | "cancelled";
        /** @enum {string} */
        Action2: "accept" | "decline" | "finish" | "cancel";
        TaskAsked: {
            /**
             * Format: uuid
             * @description Listed by `/api/requests`.
             */
            request: string;
            /** @description The node that is asked. */
            to: string;
            /** Format: date-time */
            until: string;
        };
        /** @description The desk of one caller at one moment. */
        Desk: {
            /**
             * Format: date-time
             * @description The world's clock: what ages and countdowns are counted from.
             */
            now: string;
            /**
             * Format: int64
             * @description The log's end that this is true at, or just before it.
             */
            seq: number;
            groups: components["schemas"]["Groups"];
            /** @description What runs: late first, then by what ends next, then what was met lately. */
            clocks: components["schemas"]["Clock"][];
            /** @description Newest first. */
            log: components["schemas"]["LogLine"][];
            /** @description How full the node's disk is, and what it therefore refuses. */
            disk: components["schemas"]["Disk"];
            /** @description A list was longer than the desk shows; the pages of the slices have all. */
            truncated: boolean;
            /** @description Who took over last, and which sheets are on their way; empty for who may not see them. */
            watch: components["schemas"]["HandoverWatch"];
        };
        Groups: {
            /** @description 需要你 */
            mine: components["schemas"]["Item"][];
            /** @description 他人处理中 */
            others: components["schemas"]["Item"][];
            /** @description 今晚已办: of the last twelve hours, newest first. */
            done: components["schemas"]["Item"][];
        };
        /** @description One row of the desk. */
        Item: {
            kind: components["schemas"]["ItemKind"];
            /** Format: uuid */
            id: string;
            level: components["schemas"]["Level"] | null;
            title: string;
            detail: string;
            /** Format: date-time */
            since: string;
            owner: components["schemas"]["Person"] | null;
            /** Format: date-time */
            due: string | null;
            overdue: boolean;
            /** @description What the caller may do about it next; `null` when that is not theirs. */
            action: components["schemas"]["DutyAction"] | null;
        };
        /** @enum {string} */
        ItemKind: "warning" | "notice" | "task" | "incident" | "waiting" | "intake";
        DutyAction: ("review" | "issue" | "review_after" | "acknowledge" | "accept" | "finish" | "handle" | "admit" | "continue") | "edit" | "extend" | "verify" | "chase";
        /** @description A limit that runs. */
        Clock: {
            kind: components["schemas"]["ClockKind"];
            /** @description Whose time runs, where that is one person's. */
            who: string | null;
            /** @description What it is about. */
            about: components["schemas"]["ItemKind"];
            /** Format: uuid */
            id: string;
            title: string;
            detail: string;
            /** Format: date-time */
            started: string;
            /** Format: date-time */
            due: string;
            /** Format: date-time */
            done_at: string | null;
            overdue: boolean;
        };
        /** @description What a limit is for. */
        ClockKind: "notice_feedback" | "notice_verify" | "task_answer" | "task_work" | "review_after" | "warning_end";
        /** @description A line of the duty log. */
        LogLine: {
            /** Format: int64 */
            seq: number;
            /** Format: date-time */
            at: string;
            kind: string;
            /** @description Who did it; `null` is the system itself. */
            by: string | null;
            text: string;
            /**
             * Format: uuid
             * @description What it is about; the kind says what that is.
             */
            subject: string;
        };
        /** @description How full the disk is, as the health page and the duty desk show it. */
        Disk: {
            room: components["schemas"]["Room"];
            /**
             * Format: double
             * @description 0 to 100; `null` while nobody looks.
             */
            free_percent: number | null;
            /**
             * Format: uint64
             * @description Readings' messages refused for want of room since the start of the process.
             */
            refused: number;
        };
        /** @description What the room on the disk allows. */
        Room: "ample" | "no_readings" | "read_only";
        /** @description Who is at the desk, and which sheets are on their way. */
        HandoverWatch: {
            /** @description Of each desk in scope, who took it over last; the newest few. */
            on_duty: components["schemas"]["OnDuty"][];
            /** @description Sheets that wait for a signature; the newest few. */
            open: components["schemas"]["HandoverOpen"][];
        };
        OnDuty: {
            /**
             * Format: uuid
             * @description A sheet by which a desk changes hands.
             */
            handover: string;
            region: string | null;
            region_name: string;
            person: components["schemas"]["Person"];
            /** Format: date-time */
            since: string;
        };
        HandoverOpen: {
            /**
             * Format: uuid
             * @description A sheet by which a desk changes hands.
             */
            handover: string;
            number: string;
            region: string | null;
            region_name: string;
            state: components["schemas"]["HandoverState"];
            giver: components["schemas"]["Person"];
            to: components["schemas"]["Person"] | null;
        };
        HandoverState: "withdrawn" | "draft" | "signed" | "received";
        /** @description A page of a list, sorted by (indexed column, id). */
        Page60: {
            items: components["schemas"]["Handover"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A sheet as the API gives it. */
        Handover: {
            /**
             * Format: uuid
             * @description A sheet by which a desk changes hands.
             */
            id: string;
            /** @description `J-0803-01`: by the day at this node. */
            number: string;
            region: string | null;
            region_name: string;
            /**
             * Format: uuid
             * @description The unit of who hands over.
             */
            org: string | null;
            state: components["schemas"]["HandoverState"];
            /**
             * Format: int64
             * @description Goes up with each change; a change and the first signature say which one was read.
             */
            revision: number;
            giver: components["schemas"]["Person"];
            /** @description `null` when the giver took the desk over, or nobody had. */
            stands_in: components["schemas"]["HandoverStandIn"] | null;
            /** Format: date-time */
            begun_at: string;
            words: components["schemas"]["HandoverWords"];
            /** Format: date-time */
            signed_at: string | null;
            /**
             * @description Live in a draft, as far as the caller sees; what was signed afterwards. `null` in a
             *     list, and on a sheet that was withdrawn unsigned.
             */
            sheet: components["schemas"]["HandoverSheet"] | null;
            /**
             * Format: int64
             * @description How many lines a signed sheet has.
             */
            line_count: number | null;
            /**
             * Format: int64
             * @description How many of them are critical.
             */
            critical_count: number | null;
            /**
             * @description Of a signed sheet that waits: critical lines that came since, as far as the caller
             *     sees.
             */
            added: components["schemas"]["HandoverLine"][];
            receiver: components["schemas"]["Person"] | null;
            /** Format: date-time */
            received_at: string | null;
            receipt: components["schemas"]["HandoverReceipt"] | null;
            /** @description Of a draft: why it came back, last. Of a withdrawn one: why. */
            turned_back: components["schemas"]["HandoverTurned"] | null;
            /** @description What the caller may do with it now. */
            allowed: components["schemas"]["HandoverAct"][];
            /** @description What makes a line critical. */
            rule: components["schemas"]["HandoverRule"] | null;
        };
        /** @description Why somebody opened a sheet who had not taken the desk over. */
        HandoverStandIn: {
            /** @description Who took the desk over last. */
            instead_of: components["schemas"]["Person"];
            reason: string;
        };
        /** @description What the outgoing officer says. */
        HandoverWords: {
            /** @description Who takes over; `null` while nobody is named. */
            to: components["schemas"]["Person"] | null;
            /** @description Of the whole. */
            note: string;
            lines: components["schemas"]["HandoverLineWords"][];
        };
        /** @description What the outgoing officer says of a line. */
        HandoverLineWords: {
            kind: components["schemas"]["HandoverLineKind"];
            /** Format: uuid */
            item: string;
            /** @description `null`: whoever it is without a word, see [`named`]. */
            taker: components["schemas"]["Person"] | null;
            note: string;
        };
        /** @description What a line of a sheet is about. */
        HandoverLineKind: ("warning" | "notice" | "task" | "incident" | "waiting" | "intake") | "silence";
        /** @description What a sheet says: live while it is a draft, and never changed after the first signature. */
        HandoverSheet: {
            /**
             * Format: date-time
             * @description When this was true.
             */
            at: string;
            /** @description Critical ones first, then by kind and limit. */
            lines: components["schemas"]["HandoverLine"][];
            shift: components["schemas"]["HandoverShift"];
            /** @description A list was longer than a sheet holds; the pages of the slices have all. */
            truncated: boolean;
        };
        /** @description A line of a sheet: what was open, since when, until when, and whose it is. */
        HandoverLine: {
            kind: components["schemas"]["HandoverLineKind"];
            /** Format: uuid */
            item: string;
            level: components["schemas"]["Level"] | null;
            /** @description Of a call, a signed sheet keeps no words. */
            title: string;
            detail: string;
            /** Format: date-time */
            since: string;
            owner: components["schemas"]["Person"] | null;
            /**
             * Format: date-time
             * @description The next limit, if one runs.
             */
            due: string | null;
            /** @description What that limit is for, where a clock of the desk says it. */
            clock: components["schemas"]["ClockKind"] | null;
            overdue: boolean;
            /** @description Empty for a line that is not critical. */
            critical: components["schemas"]["HandoverWhy"][];
            /** @description Who has it from the second signature on; `null`: nobody is named. */
            taker: components["schemas"]["Person"] | null;
            note: string;
        };
        /** @description Why a line is critical. */
        HandoverWhy: "level" | "late" | "clock";
        /** @description What happened in the shift that ends with a sheet. */
        HandoverShift: {
            /**
             * Format: date-time
             * @description The last hand-over of this desk, or so far back as the first sheet tells.
             */
            since: string;
            /** @description No hand-over of this desk was before. */
            first: boolean;
            /** @description How often each kind of fact was recorded, by its code. */
            counts: components["schemas"]["HandoverCount"][];
            /** @description The newest of them, newest first. */
            entries: components["schemas"]["LogLine"][];
            /** @description There were more than are listed. */
            more: boolean;
        };
        HandoverCount: {
            /** @description A kind of fact, such as `warning.issued`. */
            kind: string;
            /** Format: int64 */
            times: number;
        };
        /** @description What the second signature said and did. */
        HandoverReceipt: {
            note: string;
            /** @description Critical lines that came after the first signature, each confirmed. */
            added: components["schemas"]["HandoverLine"][];
            /** @description What passed to whom. */
            passed: components["schemas"]["HandoverPassed"][];
        };
        /** @description An item that changed hands. */
        HandoverPassed: {
            kind: components["schemas"]["HandoverLineKind"];
            /** Format: uuid */
            item: string;
            by: components["schemas"]["Person"];
            from: components["schemas"]["Person"] | null;
        };
        /** @description Who turned a sheet back, or took it away. */
        HandoverTurned: {
            by: components["schemas"]["Person"];
            /** Format: date-time */
            at: string;
            reason: string;
        };
        /** @enum {string} */
        HandoverAct: "edit" | "sign" | "receive" | "return" | "withdraw";
        /** @description What makes a line critical, and where that comes from. */
        HandoverRule: {
            title: string;
            /** @description Where it comes from, and how far that goes. */
            source: string;
            edition: string;
            /** @description How sure we are: `high`, `medium` or `low`. */
            confidence: string;
            /** @description A line of one of these is critical. */
            levels: components["schemas"]["Level"][];
            /** @description Whether a line past its limit is critical. */
            late: boolean;
            /** @description A line on which one of these runs is critical. */
            clocks: components["schemas"]["ClockKind"][];
            /**
             * Format: uint16
             * @description How far back the first sheet of a desk tells, in hours.
             */
            first_shift_hours: number;
            /** @description The kinds of facts that a sheet counts and lists. */
            told: string[];
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page61: {
            items: components["schemas"]["HandoverDesk"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description A desk that the caller may hand over. */
        HandoverDesk: {
            region: string;
            region_name: string;
            /** @description Who took it over last. */
            on_duty: components["schemas"]["Person"] | null;
            /** Format: date-time */
            since: string | null;
            /** @description The number of its open sheet. */
            open: string | null;
        };
        /** @description An answer from a view, with how far the view is. */
        Viewed: {
            view: components["schemas"]["ViewState"];
            items: components["schemas"]["ResponseTime"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        /** @description How far a view is: what an answer from it is true at. */
        ViewState: {
            standing: components["schemas"]["ViewStanding"];
            /**
             * Format: int64
             * @description Everything up to this entry is in the answer.
             */
            seq: number;
            /**
             * Format: int64
             * @description The newest entry of the log.
             */
            log_seq: number;
            /**
             * Format: int64
             * @description How far the new build is, while it is being built anew.
             */
            built_seq: number | null;
        };
        /** @description How a view stands. */
        ViewStanding: "current" | "behind" | "building" | "parked";
        /** @description How fast one matter went: a warning with its incident, or an incident from a call. */
        ResponseTime: {
            /** Format: uuid */
            id: string;
            title: string;
            hazard: components["schemas"]["Hazard"] | null;
            level: components["schemas"]["Level"] | null;
            region: string | null;
            region_name: string | null;
            /** Format: uuid */
            warning: string | null;
            warning_number: string | null;
            /** Format: uuid */
            incident: string | null;
            incident_number: string | null;
            moments: components["schemas"]["Moments"];
            /** @description The steps that were done, in their order. */
            took: components["schemas"]["Took"][];
            slowest: components["schemas"]["Took"] | null;
            waiting: components["schemas"]["Waiting"] | null;
        };
        /** @description When each step of a matter was done; `None` for what was not, or not yet. */
        Moments: {
            /**
             * Format: date-time
             * @description The warning was proposed, or the call came.
             */
            began: string;
            /** Format: date-time */
            proposed: string | null;
            /** Format: date-time */
            reviewed: string | null;
            /** Format: date-time */
            issued: string | null;
            /**
             * Format: date-time
             * @description The warning ended: lifted, expired, discarded, or replaced.
             */
            over: string | null;
            /** Format: date-time */
            opened: string | null;
            /**
             * Format: date-time
             * @description Of the first task that was given.
             */
            assigned: string | null;
            /**
             * Format: date-time
             * @description Of the first task that was accepted.
             */
            accepted: string | null;
            /**
             * Format: date-time
             * @description Of the first task that was done.
             */
            done: string | null;
            /** Format: date-time */
            closed: string | null;
        };
        /** @description How long a step took, or takes. */
        Took: {
            step: components["schemas"]["Step"];
            /**
             * Format: int64
             * @description From what went before it to its end, in seconds.
             */
            seconds: number;
        };
        /** @description A step of a response, in their order. */
        Step: "review" | "issue" | "open" | "assign" | "accept" | "do" | "close";
        /** @description The step that a matter is waiting for. */
        Waiting: {
            step: components["schemas"]["Step"];
            /** Format: date-time */
            since: string;
        };
        /** @description An answer from a view, with how far the view is. */
        Viewed2: {
            view: components["schemas"]["ViewState"];
            total: components["schemas"]["Tally2"];
            /** @description The latest first; a day on which nothing began is not among them. */
            days: components["schemas"]["ResponseDay"][];
            /** @description The latest day first, then by region. */
            cells: components["schemas"]["Cell"][];
        };
        /** @description Matters that were counted together. */
        Tally2: {
            /** Format: uint32 */
            matters: number;
            /**
             * Format: uint32
             * @description Of them, those that have a warning.
             */
            warnings: number;
            /**
             * Format: uint32
             * @description Of them, those that have an incident.
             */
            incidents: number;
            /**
             * Format: uint32
             * @description Of them, those in which nothing is waited for any more.
             */
            finished: number;
            /** @description Of the steps that were done in any of them, in their order. */
            steps: components["schemas"]["Spread"][];
        };
        /** @description How long a step took in several matters, in seconds. */
        Spread: {
            step: components["schemas"]["Step"];
            /**
             * Format: uint32
             * @description In so many matters the step was done.
             */
            count: number;
            /**
             * Format: int64
             * @description Half of them took no longer.
             */
            median_s: number;
            /**
             * Format: int64
             * @description Nine in ten took no longer.
             */
            p90_s: number;
        };
        /**
         * @description What began on one day, in all regions together: a median of several regions is not
         *     to be had from the medians of each.
         */
        ResponseDay: {
            /** @description The Beijing day on which they began, `2026-08-03`. */
            day: string;
            /** Format: uint32 */
            matters: number;
            /**
             * Format: uint32
             * @description Of them, those that have a warning.
             */
            warnings: number;
            /**
             * Format: uint32
             * @description Of them, those that have an incident.
             */
            incidents: number;
            /**
             * Format: uint32
             * @description Of them, those in which nothing is waited for any more.
             */
            finished: number;
            /** @description Of the steps that were done in any of them, in their order. */
            steps: components["schemas"]["Spread"][];
        };
        /** @description What began in one region on one day. */
        Cell: {
            /** @description The Beijing day on which they began, `2026-08-03`. */
            day: string;
            region: string | null;
            region_name: string | null;
            /** Format: uint32 */
            matters: number;
            /**
             * Format: uint32
             * @description Of them, those that have a warning.
             */
            warnings: number;
            /**
             * Format: uint32
             * @description Of them, those that have an incident.
             */
            incidents: number;
            /**
             * Format: uint32
             * @description Of them, those in which nothing is waited for any more.
             */
            finished: number;
            /** @description Of the steps that were done in any of them, in their order. */
            steps: components["schemas"]["Spread"][];
        };
        /** @description How the node is. */
        Health: {
            world: string;
            /** Format: int64 */
            seq: number;
            /** Format: date-time */
            now: string;
            /** @description Facts that a reaction gave up on; a person has to look. */
            parked: components["schemas"]["ParkedFact"][];
            /** @description Due work that a job gave up on. */
            parked_work: components["schemas"]["ParkedWork"][];
            /** @description Entries that changed nothing here, most of them of other nodes. */
            unapplied: components["schemas"]["Counts"];
            /**
             * Format: int64
             * @description Segments of other nodes that were not believed.
             */
            segments_refused: number;
            /** @description Tables for reading that lag the log, and how far each is. */
            views: components["schemas"]["ViewHealth"][];
            /** @description Segments as files: what waits in the inbox, and how far the outboxes are behind. */
            exchange: components["schemas"]["Counts2"];
            /** @description What goes out of this node, and waits. */
            errands: components["schemas"]["Counts3"];
            disk: components["schemas"]["Disk"];
            readings: components["schemas"]["Readings"];
            /** @description The copy of the readings in ClickHouse; `null` without one. */
            copy: components["schemas"]["CopyView"] | null;
            /** @description The node above, to which readings are handed on; `null` without one. */
            upstream: components["schemas"]["UpstreamView"] | null;
            snapshots: components["schemas"]["Snapshots"];
            /** @description What the newest run of retention did; `null` before the first. */
            retention: components["schemas"]["RetentionRun"] | null;
        };
        ParkedFact: {
            reaction: string;
            /** Format: int64 */
            seq: number;
            subject: string;
            /** @description It may quote what it failed at, so it is for officers of the node: `null` to others. */
            error: string | null;
            /** Format: date-time */
            parked_at: string;
        };
        ParkedWork: {
            job: string;
            /** Format: uuid */
            subject: string;
            /** Format: date-time */
            due_at: string;
            /** @description As [`ParkedFact::error`]. */
            error: string | null;
            /** Format: date-time */
            parked_at: string;
        };
        /** @description A view on the health page. */
        ViewHealth: {
            name: string;
            /** Format: uint32 */
            version: number;
            state: components["schemas"]["ViewState"];
            parked: components["schemas"]["ParkedView"] | null;
        };
        /** @description A view that stopped at an entry. It is tried again at the next start. */
        ParkedView: {
            /**
             * Format: int64
             * @description The entry it failed on; 0 when it could not begin.
             */
            seq: number;
            error: string;
            /** Format: date-time */
            at: string;
        };
        /** @description What the exchange waits for, in numbers. */
        Counts2: {
            /**
             * Format: uint
             * @description Files of the inbox that wait: for the one before them, for their end, for a key
             *     that somebody trusts.
             */
            waiting: number;
            /**
             * Format: uint
             * @description Files of the inbox that cannot be read, or are none.
             */
            left: number;
            /** @description Why the inbox itself could not be looked at. */
            trouble: string | null;
            /**
             * Format: date-time
             * @description When the inbox was last looked at.
             */
            looked_at: string | null;
            /**
             * Format: int64
             * @description Own entries that no file was ordered for yet, for the neighbour that is behind most.
             */
            unsent: number;
        };
        /** @description How many errands wait, and for what. */
        Counts3: {
            /**
             * Format: int64
             * @description For their turn, or for the next attempt.
             */
            queued: number;
            /**
             * Format: int64
             * @description For a person, since nobody knows whether they went out.
             */
            uncertain: number;
            /**
             * Format: int64
             * @description For a person, since they did not go out.
             */
            parked: number;
        };
        /** @description Counters of the series store since the node started. */
        Readings: {
            /** Format: uint64 */
            appended: number;
            /** Format: uint64 */
            duplicates: number;
            /** Format: uint64 */
            superseded: number;
            /** Format: uint64 */
            late: number;
            /** Format: uint64 */
            future: number;
        };
        /** @description How a copy of the readings is. That it does not answer stops nothing here. */
        CopyView: {
            /** @description Whether it answered the last time. */
            answers: boolean;
            /**
             * Format: date-time
             * @description Since when it has not.
             */
            failing_since: string | null;
            /** @description What was wrong last, for officers of the node: `null` to others. */
            last_error: string | null;
            /** Format: date-time */
            last_error_at: string | null;
            /**
             * Format: date-time
             * @description When the newest reading that it has confirmed reached this node.
             */
            confirmed_received: string | null;
            /**
             * Format: uint64
             * @description Batches of readings that it has not confirmed.
             */
            behind: number;
            /**
             * Format: uint64
             * @description Bytes of the write-ahead log, and where it is let go.
             */
            log_bytes: number;
            /** Format: uint64 */
            log_limit: number;
            /** @description Sensors whose readings have been filled in, and of how many; `null` when all have. */
            filling: [
                number,
                number
            ] | null;
            /**
             * Format: uint64
             * @description Since the start of the process: rows inserted, attempts that failed, how often the
             *     log was let go, questions it was asked, and those that it failed at.
             */
            rows: number;
            /** Format: uint64 */
            failures: number;
            /** Format: uint64 */
            let_go: number;
            /** Format: uint64 */
            questions: number;
            /** Format: uint64 */
            unanswered: number;
        };
        /** @description How it is with the node above. That it does not answer stops nothing here. */
        UpstreamView: {
            /** @description Whether the last request was answered as hoped for. */
            answers: boolean;
            /** Format: date-time */
            failing_since: string | null;
            /** @description For those who see the whole node. */
            last_error: string | null;
            /** Format: date-time */
            last_error_at: string | null;
            /**
             * Format: date-time
             * @description When the newest batch that it answered for reached this node.
             */
            confirmed_received: string | null;
            /**
             * Format: uint64
             * @description Batches that it has not answered for.
             */
            behind: number;
            /**
             * Format: uint64
             * @description Bytes of the write-ahead log, and to what it may grow for it.
             */
            log_bytes: number;
            /** Format: uint64 */
            log_limit: number;
            /** @description Series done and series in all, while something is given out of the blocks. */
            filling: [
                number,
                number
            ] | null;
            /**
             * Format: uint64
             * @description Values that it answered for, since this node was started.
             */
            handed: number;
            /**
             * Format: uint64
             * @description Lines that it answered for and did not take.
             */
            rejected: number;
            /** Format: uint64 */
            failures: number;
            /**
             * Format: uint64
             * @description How often the log was let go of for its size.
             */
            let_go: number;
            /**
             * Format: uint64
             * @description Values of stations whose code another station has too, by another protocol.
             */
            left_ambiguous: number;
            /**
             * Format: uint64
             * @description Values whose station or point has a name that cannot be one there.
             */
            left_unnameable: number;
            /**
             * Format: uint64
             * @description Values that went through the node above already, or through too many systems.
             */
            left_looped: number;
            /**
             * Format: uint64
             * @description Values of series that no registered sensor has.
             */
            left_unknown: number;
        };
        /** @description What the log folded to, kept day by day, and whether it is what the tables hold. */
        Snapshots: {
            /** Format: uint */
            kept: number;
            /**
             * Format: uint
             * @description Set aside because their files are not what was written.
             */
            damaged: number;
            newest: components["schemas"]["SnapshotView"] | null;
        };
        SnapshotView: {
            /** Format: int64 */
            seq: number;
            /** Format: date-time */
            made: string;
            /** Format: uint64 */
            bytes: number;
            /** @description Tables that were not what the log folds to; there should be none. */
            differences: components["schemas"]["Difference"][];
        };
        /** @description A table that is not what its log folds to. */
        Difference: {
            /** @description `slice.table` */
            table: string;
            live: components["schemas"]["TableDigest"];
            folded: components["schemas"]["TableDigest"];
        };
        /** @description What a fact table holds, as one hash, and how many rows that is. */
        TableDigest: {
            /** Format: uint64 */
            rows: number;
            sha256: string;
        };
        /** @description A page of a list, sorted by (indexed column, id). */
        Page62: {
            items: components["schemas"]["WorldView"][];
            /** @description Give it back as `cursor` for what follows; `null` at the end. */
            next: string | null;
        };
        WorldView: {
            name: string;
            kind: components["schemas"]["Kind"];
            /** Format: date-time */
            now: string;
            /** Format: int64 */
            seq: number;
            /**
             * Format: double
             * @description How fast its clock runs: 0 stands, 1 is in step, 60 is an hour a minute.
             */
            rate: number;
            /** @description What a drill practises; `null` in any other world. */
            purpose: string | null;
        };
        /**
         * @description What a world is to those inside.
         * @enum {string}
         */
        Kind: "real" | "drill" | "past";
        TrustKey: {
            origin: string;
            /** @description 64 hex digits, compared by two people over another road. */
            fingerprint: string;
            /**
             * @description What it may speak for, 1 to 100 regions with what reports to them: a county's own,
             *     or the province. What it says of subjects elsewhere is kept and not applied.
             */
            regions: string[];
        };
        DistrustKey: {
            fingerprint: string;
            reason: string;
        };
        SetReading: {
            /** @description The node's name; its own key need not be known here. */
            origin: string;
            /**
             * @description Bodies at home in these and in what reports to them, at most 100 regions; of the
             *     rest it reads what is public.
             */
            regions: string[];
            /** @description Bodies above this class are closed to it. */
            openness: components["schemas"]["Class"];
        };
        Pass: {
            of: components["schemas"]["Of"];
            /** @description The node that will own it. */
            to: string;
            region: string;
            reason: string;
        };
        Propose: {
            of: components["schemas"]["Of"];
            region: string;
            reason: string;
        };
        Resolve: {
            decision: components["schemas"]["Decision"];
            reason: string;
        };
        /** @description What is to be done about an errand that waits for a person. */
        Decision: "try_again" | "went_out" | "give_up";
        NoteSent: {
            /**
             * Format: int64
             * @description The number of an entry of this node, or 0. A smaller one than before has what follows
             *     it written once more.
             */
            last: number;
        };
        /** @description What whoever brought the file says of it; what is left out is found by the header. */
        ImportColumns: {
            sheet?: string | null;
            /**
             * @description By the register's column.
             * @default {}
             */
            places: {
                [key: string]: number | null;
            };
            /** @default {} */
            fixed: {
                [key: string]: string;
            };
        };
        SignIn: {
            account: string;
            password: string;
        };
        ChangePassword: {
            current: string;
            new: string;
        };
        Claim: {
            secret: string;
            account: string;
            name: string;
            password: string;
        };
        NewOrganisation: {
            /** @description 2 to 64 characters. */
            name: string;
            kind: components["schemas"]["OrganisationKind"];
            /** Format: uuid */
            parent?: string | null;
            region?: string | null;
        };
        /** @description What is left out stays as it is. */
        ChangeOrganisation: {
            name?: string | null;
            /**
             * Format: uuid
             * @description `null` puts it at the top.
             */
            parent?: string | null;
        };
        CloseOrganisation: {
            /** @description 2 to 200 characters. */
            reason: string;
        };
        OpenAccount: {
            account: string;
            name: string;
            /** @description A first password, to be changed at the first sign-in. */
            password: string;
        };
        DisableAccount: {
            reason: string;
        };
        GiveRole: {
            role: string;
            /** @description Over this division and what reports to it, */
            region?: string | null;
            /**
             * Format: uuid
             * @description or over this organisation and what is below it: one of the two.
             */
            org?: string | null;
        };
        EnterContact: {
            details: components["schemas"]["ContactDetails"];
            /**
             * @default {
             *       "mobile": null,
             *       "email": null
             *     }
             */
            address: components["schemas"]["ContactAddress"];
        };
        /** @description Somebody as they are entered or changed. */
        ContactDetails: {
            /** @description 1 to 40 characters. */
            name: string;
            /** @description 职务与责任: 1 to 60 characters. */
            duty: string;
            region: string;
            /** Format: uuid */
            organisation?: string | null;
            /**
             * Format: uuid
             * @description One of /api/contacts/people.
             */
            person?: string | null;
        };
        ChangeContact: {
            /**
             * Format: int64
             * @description The one that was read.
             */
            revision: number;
            details: components["schemas"]["ContactDetails"];
            /** @description All of it anew; absent or `null` leaves it as it is. */
            address?: components["schemas"]["ContactAddress"] | null;
        };
        RetireContact: {
            /** @description 2 to 200 characters. */
            reason: string;
        };
        /** @description The file of a notice. */
        NewNotice: {
            /** @description Lines such as `rest,2026-01-01,2026-01-03,元旦`: see `base::calendar::Notice::parse`. */
            text: string;
        };
        /** @description A new enterprise, as a person or a row of a table says it. */
        RegisterEnterprise: {
            details: components["schemas"]["EnterpriseDetails"];
            /** @description Operating when absent; nothing is registered as closed. */
            state?: components["schemas"]["RegisterState"] | null;
            /** @description In that state since this day, in Beijing; today when absent. */
            since?: string | null;
        };
        /** @description What a person says of an enterprise, or one row of a table that is imported. */
        EnterpriseDetails: {
            /** @description 2 to 100 characters, as on its licence. */
            name: string;
            /** @description What people call it; at most 40 characters. */
            short_name?: string | null;
            /** @description 18 characters, GB 32100-2015; the last one checks the others. */
            credit_code: string;
            /** @description GB/T 4754-2017: a letter for the section and up to four digits, `B0610`. */
            industry?: string | null;
            /** @description At least one. */
            kinds: components["schemas"]["EnterpriseKind"][];
            /** @description The division it lies in. */
            region: string;
            /** @description At most 200 characters. */
            address?: string | null;
            place?: components["schemas"]["Coordinates"] | null;
            /** @description What data access specifications call it by: 9 digits (hazchem), or 12. */
            access_code?: string | null;
            /**
             * Format: uuid
             * @description Its own entry in the register of organisations, where its people have accounts.
             */
            organisation?: string | null;
            /**
             * Format: uuid
             * @description The organisation that supervises it.
             */
            supervisor?: string | null;
        };
        /** @description Says anew all that is said of a record. */
        ChangeEnterpriseDetails: {
            /**
             * Format: int64
             * @description The revision that was read; a newer one refuses it.
             */
            revision: number;
            details: components["schemas"]["EnterpriseDetails"];
        };
        /** @description What a person says of a step. */
        TurnDetails: {
            /** @description Since which day: up to today, and not before the state that it ends. */
            since: string;
            /** @description 2 to 200 characters; the decision it rests on, if there is one. */
            reason: string;
        };
        NameContact: {
            duty: components["schemas"]["ContactDuty"];
            person: components["schemas"]["ContactPerson"];
        };
        RemoveContact: {
            /**
             * Format: uuid
             * @description A person to be called at an enterprise; the key is theirs.
             */
            contact: string;
            /** @description 2 to 200 characters, without the person's name. */
            reason: string;
        };
        /** @description A new site, as a person or a row of a table says it. */
        RegisterSite: {
            /**
             * Format: uuid
             * @description An enterprise.
             */
            enterprise: string;
            details: components["schemas"]["SiteDetails"];
            /** @description Operating when absent; nothing is registered as closed. */
            state?: components["schemas"]["RegisterState"] | null;
            /** @description In that state since this day, in Beijing; today when absent. */
            since?: string | null;
        };
        /** @description What a person says of a site, or one row of a table that is imported. */
        SiteDetails: {
            /** @description 1 to 100 characters. */
            name: string;
            /**
             * @description A mine: 12 digits. A pond: 4 to 32 letters, digits, hyphens. A hazard source: the
             *     3 digits of its number. A tank, or a building of a fireworks works: 1 to 16 letters, digits,
             *     hyphens, `G0001`.
             */
            code: string;
            /** @description The division it lies in; not always that of its enterprise. */
            region: string;
            /** @description At most 200 characters. */
            address?: string | null;
            place?: components["schemas"]["Coordinates"] | null;
            /**
             * Format: uuid
             * @description The hazard source that a tank is in.
             */
            part_of?: string | null;
            particulars: components["schemas"]["SiteParticulars"];
        };
        /** @description Says anew all that is said of a record. */
        ChangeSiteDetails: {
            /**
             * Format: int64
             * @description The revision that was read; a newer one refuses it.
             */
            revision: number;
            details: components["schemas"]["SiteDetails"];
        };
        /** @description A new station. */
        RegisterStation: {
            /**
             * @description SL 651 when absent.
             * @default sl651
             */
            protocol: components["schemas"]["Protocol"];
            /**
             * @description Any form that the protocol knows: of SL 651 ten hexadecimal digits of the address,
             *     or a code of 8 or 12 digits.
             */
            code: string;
            /**
             * @description Whether a key is made up and issued with it; see `/api/stations/{id}/keys`.
             * @default false
             */
            issue_key: boolean;
            name: string;
            class: components["schemas"]["StationClass"];
            region: string;
            river?: string | null;
            /** @description The place as it stands on the paper, with what it is measured against. */
            place?: components["schemas"]["Coordinates"] | null;
            /** @description The same, by whoever has it in CGCS2000; not both. */
            point?: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            } | null;
            /**
             * Format: int64
             * @description Seconds between two reports: 1 to 2 678 400 (31 days).
             */
            period_s: number;
            /**
             * Format: uuid
             * @description What of the registers it stands at.
             */
            site?: string | null;
            /** @description Whether points that its host defines become sensors by themselves; not when absent. */
            adopts?: boolean | null;
            /**
             * @description Elements of the protocol, one sensor each, as their words suggest:
             *     `["Z", "PJ", "PT", "VT"]`.
             */
            elements?: string[] | null;
            /** @description Sensors of which more is said. */
            sensors?: components["schemas"]["SensorDetails"][] | null;
            /**
             * @description As the protocol has it (`/api/protocols`). A frame with another password is then
             *     refused; without it the password is not looked at.
             */
            password?: string | null;
        };
        /** @description What a person says of one sensor. */
        SensorDetails: {
            /** @description As its station's messages name it. */
            element: string;
            /** @description What its name suggests, when absent. */
            quantity?: components["schemas"]["Quantity"] | null;
            /**
             * @description Where or what it measures.
             * @default null
             */
            name: string | null;
            /**
             * Format: double
             * @description The value on the wire times `factor` plus `shift` is the reading, in the unit of
             *     the quantity.
             */
            factor?: number | null;
            /** Format: double */
            shift?: number | null;
            /**
             * Format: double
             * @description The least and the most that the device can measure, in the unit of the quantity.
             * @default null
             */
            low: number | null;
            /**
             * Format: double
             * @default null
             */
            high: number | null;
        };
        /** @description What is to change; what is left out stays. */
        EditStation: {
            name?: string | null;
            class?: components["schemas"]["StationClass"] | null;
            region?: string | null;
            river?: string | null;
            /** @description The place as it stands on the paper, with what it is measured against. */
            place?: components["schemas"]["Coordinates"] | null;
            /** @description The same, by whoever has it in CGCS2000; not both. */
            point?: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            } | null;
            /** Format: int64 */
            period_s?: number | null;
            /** Format: uuid */
            site?: string | null;
            /** @description Whether points that its host defines become sensors by themselves. */
            adopts?: boolean | null;
            /** @description Elements to add sensors for; those there are stay. */
            add_elements?: string[] | null;
            /** @description Sensors to add of which more is said. */
            add_sensors?: components["schemas"]["SensorDetails"][] | null;
            /** @description Sensors whose readings are to be made differently from now on. */
            mend_sensors?: components["schemas"]["MendSensor"][] | null;
            /** @description Sensors that are to take no more readings; their record stays. */
            retire_sensors?: string[] | null;
        };
        /**
         * @description Another mapping of a sensor; what is left out stays. Its quantity cannot change: a
         *     sensor for another one is added, and this one retired.
         */
        MendSensor: {
            /**
             * Format: uuid
             * @description A sensor of a station; its series goes by this id.
             */
            sensor: string;
            /**
             * @description Where or what it measures.
             * @default null
             */
            name: string | null;
            /**
             * Format: double
             * @description The value on the wire times `factor` plus `shift` is the reading, in the unit of
             *     the quantity.
             */
            factor?: number | null;
            /** Format: double */
            shift?: number | null;
            /**
             * Format: double
             * @description The least and the most that the device can measure, in the unit of the quantity.
             * @default null
             */
            low: number | null;
            /**
             * Format: double
             * @default null
             */
            high: number | null;
        };
        /** @description A new key. */
        IssueKey: {
            /** @description As the protocol has it (`/api/protocols`); one is made up when absent. */
            key?: string | null;
            /**
             * Format: int64
             * @description How many hours the older keys stay good: 0 to 2160 (90 days); a week when absent.
             */
            overlap_h?: number | null;
        };
        /** @description What is asked of a station. */
        AskStation: {
            /** @description The code of the protocol's form: `37`. */
            command: string;
            /**
             * @description What was filled in, by the names of its fields.
             * @default {}
             */
            values: {
                [key: string]: unknown;
            };
            /**
             * Format: int64
             * @description How long it may wait for the station to be on a line, in minutes: 0 to 1440, 60
             *     when absent. What moves something does not wait.
             */
            wait_min?: number | null;
            /** @description Why something is set; a query needs none. */
            reason?: string | null;
        };
        /** @description Who may speak for a station. */
        SetRelay: {
            /**
             * Format: uuid
             * @description `null`: nobody but itself.
             */
            relay?: string | null;
        };
        /** @description What is expected of a station's line; what is left out is as its protocol's table says. */
        SetSilence: {
            /**
             * Format: int64
             * @description Silent after so many seconds: 1 to 31 days.
             */
            silent_after_s?: number | null;
            /**
             * Format: date-time
             * @description Nobody waits for it until then: it is repaired, moved, or stopped for the winter.
             */
            paused_until?: string | null;
            reason: string;
        };
        /** @description All that is said of where a station stands. */
        SetStationPlace: {
            region: string;
            /** @description As it stands on the paper; `null`: nobody knows. */
            place?: components["schemas"]["Coordinates"] | null;
            /**
             * Format: uuid
             * @description An enterprise or a site; `null`: none.
             */
            site?: string | null;
            /** @description Why, for whoever reads it later: 1 to 400 characters. */
            reason: string;
        };
        /** @description What a person says of a station, when it is registered or admitted. */
        StationDetails: {
            name: string;
            class: components["schemas"]["StationClass"];
            region: string;
            river?: string | null;
            /** @description The place as it stands on the paper, with what it is measured against. */
            place?: components["schemas"]["Coordinates"] | null;
            /** @description The same, by whoever has it in CGCS2000; not both. */
            point?: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            } | null;
            /**
             * Format: int64
             * @description Seconds between two reports: 1 to 2 678 400 (31 days).
             */
            period_s: number;
            /**
             * Format: uuid
             * @description What of the registers it stands at.
             */
            site?: string | null;
            /** @description Whether points that its host defines become sensors by themselves; not when absent. */
            adopts?: boolean | null;
            /**
             * @description Elements of the protocol, one sensor each, as their words suggest:
             *     `["Z", "PJ", "PT", "VT"]`.
             */
            elements?: string[] | null;
            /** @description Sensors of which more is said. */
            sensors?: components["schemas"]["SensorDetails"][] | null;
            /**
             * @description As the protocol has it (`/api/protocols`). A frame with another password is then
             *     refused; without it the password is not looked at.
             */
            password?: string | null;
        };
        /** @description Why a device is refused. */
        RefuseDevice: {
            reason: string;
        };
        /** @description What is to be read anew. */
        ReplayFrames: {
            /**
             * Format: date-time
             * @description Every frame received since then that is still at hand, and not only those that
             *     wait for a sensor: after a mapping was wrong. At most 31 days back.
             */
            since?: string | null;
        };
        /** @description Why a file is opened. */
        OpenPersonFile: {
            /** @description 4 to 200 characters, kept in the trail. */
            reason: string;
        };
        /** @description Settings that are tried, and on how much. */
        PreviewChecks: {
            /**
             * Format: int64
             * @description The last so many hours: 1 to 48, 24 when absent.
             */
            hours?: number | null;
            /** @description Their reason may be empty. */
            settings: components["schemas"]["CheckSettings"];
        };
        SetRetention: {
            /**
             * @description The code of a class that keeps for at least as long as the rule's; `null` gives the
             *     sensor back to its rule.
             */
            class?: string | null;
            reason: string;
        };
        /** @description Which readings are to be held. */
        PlaceHold: {
            name: string;
            reason: string;
            /** Format: date-time */
            from: string;
            /**
             * Format: date-time
             * @description For all that comes, too, when absent.
             */
            to?: string | null;
            /** @description All stations of this division; or */
            region?: string | null;
            /** @description these, at most 200. */
            stations?: string[] | null;
        };
        EndHold: {
            reason: string;
        };
        /** @description What a duty officer was told of an earthquake. */
        TypeEarthquake: {
            /**
             * Format: uuid
             * @description The typed report that this one corrects.
             */
            corrects?: string | null;
            /**
             * Format: date-time
             * @description When the earth quaked.
             */
            time: string;
            /**
             * @description Whether that was told to the minute only.
             * @default false
             */
            to_the_minute: boolean;
            /**
             * Format: double
             * @description CGCS2000 or WGS-84, degrees.
             */
            lon: number;
            /** Format: double */
            lat: number;
            /**
             * Format: double
             * @description Below the surface, km: -10 to 800; `null` where none was told.
             */
            depth_km?: number | null;
            /**
             * Format: double
             * @description -2 to 10; `null` where none was told.
             */
            magnitude?: number | null;
            /** @description `M`, `Ms`, `Mw`, `ML` or `mb`. */
            scale?: string | null;
            /** @description Words for where, 2 to 100 characters. */
            place: string;
            /** @description Whether it was told as an automatic or a reviewed result. */
            standing: components["schemas"]["EarthquakeTold"];
            /** @description Who told it, 2 to 100 characters. */
            source: string;
            /** @description Why it is typed in, 2 to 400 characters. */
            reason: string;
        };
        /**
         * @description How far what was told had been looked at.
         * @enum {string}
         */
        EarthquakeTold: "unknown" | "automatic" | "reviewed";
        /** @description Which typed report is taken back, and why. */
        WithdrawReport: {
            /**
             * Format: uuid
             * @description One version of what somebody says of an earthquake.
             */
            report: string;
            /** @description 2 to 400 characters. */
            reason: string;
        };
        /** @description A rule that is tried, and on what. */
        DryRunRule: {
            rule: components["schemas"]["NewRule"];
            /** Format: date-time */
            from: string;
            /**
             * Format: date-time
             * @description At most 400 days after `from`.
             */
            to: string;
        };
        RuleReason: {
            /** @description 1 to 400 characters. */
            reason: string;
        };
        /** @description When, and why. */
        ShelveRule: {
            /** @description 1 to 400 characters. */
            reason: string;
            /**
             * Format: date-time
             * @description Later than now, and not by more than a day: `/api/rules/defaults` has how long.
             */
            until: string;
        };
        /** @enum {string} */
        State2Taken: "active" | "cleared";
        /**
         * @description Whether a list holds those that wait for a desk, or the others.
         * @enum {string}
         */
        NoticeStanding: "open" | "ended";
        AcknowledgeNotice: {
            /** @description What the duty desk does about it, 1 to 1000 characters; nothing to take it first. */
            feedback?: string | null;
        };
        CheckNotice: {
            verdict: components["schemas"]["NoticeVerdict"];
            /** @description What was found, 1 to 1000 characters. */
            words: string;
        };
        /** @description Where warnings stand, for a list: what is still in hand is short, what has ended is not. */
        StandingTaken: "open" | "ended";
        DraftWarning: {
            title: string;
            hazard: components["schemas"]["Hazard"];
            level: components["schemas"]["Level"];
            region: string;
            area: string;
            matters: string;
            /** @description One a line; those of the level (art. 66, 67) when absent. */
            measures?: string | null;
            /**
             * Format: date-time
             * @description Now when absent.
             */
            starts?: string | null;
            /**
             * Format: uuid
             * @description A warning in force of the same hazard, whose place this one takes when issued.
             */
            supersedes?: string | null;
            /** @description Other divisions that it concerns, which see it as their own do; at most 60. */
            reach?: string[] | null;
        };
        /** @description What is absent stays as it is. */
        EditWarning: {
            title?: string | null;
            level?: components["schemas"]["Level"] | null;
            area?: string | null;
            matters?: string | null;
            measures?: string | null;
        };
        ReviewWarning: {
            comment?: string | null;
        };
        Reason: {
            /** @description 1 to 1000 characters. */
            reason: string;
        };
        IssueWarning: {
            /**
             * Format: date-time
             * @description Until when it is in force: later than now, within 30 days.
             */
            expires: string;
        };
        IssueWarningUrgently: {
            /** @description Why it cannot wait for its review, 4 to 1000 characters. */
            reason: string;
            /**
             * Format: date-time
             * @description Until when it is in force: later than now, within 30 days.
             */
            expires: string;
        };
        /** @description Which are wanted. */
        Standing2: "open" | "ended";
        DrawLadder: {
            region: string;
            plan: components["schemas"]["LadderPlan"];
        };
        ChangeLadder: {
            /**
             * Format: int64
             * @description The one that was read.
             */
            revision: number;
            plan: components["schemas"]["LadderPlan"];
        };
        RetireLadder: {
            /** @description 2 to 200 characters. */
            reason: string;
        };
        AnswerCalling: {
            answer: components["schemas"]["Saying"];
            /**
             * @description At most 400 characters; 2 at least with `refused`.
             * @default
             */
            words: string;
        };
        /**
         * @description What somebody says for themselves.
         * @enum {string}
         */
        Saying: "taken" | "refused";
        RecordCall: {
            /**
             * Format: uuid
             * @description Who was phoned: somebody of a step that was taken.
             */
            contact: string;
            /** @description Who answered, if it was not they; at most 40 characters. */
            name?: string | null;
            outcome: components["schemas"]["Spoken"];
            /**
             * @description At most 400 characters; 2 at least with `refused`.
             * @default
             */
            words: string;
        };
        /** @description What came of a phone call. */
        Spoken: ("taken" | "refused") | "missed";
        EndCalling: {
            /** @description 2 to 200 characters. */
            reason: string;
        };
        OpenIncident: {
            /** Format: uuid */
            warning: string;
            /** @description The warning's own title when absent. */
            title?: string | null;
        };
        WriteNote: {
            text: string;
            /**
             * Format: int64
             * @description The seq of the line that this one corrects.
             */
            corrects?: number | null;
        };
        CloseIncident: {
            reason: string;
        };
        IntakeState: "opened" | "draft";
        /** @description What has been typed so far. */
        SaveIntake: {
            /**
             * @description Who calls; at most 64 characters.
             * @default
             */
            caller: string;
            /**
             * @description At most 32 characters.
             * @default
             */
            phone: string;
            /**
             * @description Where, in the caller's words; at most 200 characters.
             * @default
             */
            place: string;
            /**
             * @description What happened, in the caller's words; at most 4 000 characters.
             * @default
             */
            what: string;
            /** @default null */
            region: string | null;
            /**
             * @description A point in CGCS2000 (EPSG:4490), numerically WGS-84 at our scales.
             *
             *     Degrees, longitude first; `-180 <= lon <= 180`, `-90 <= lat <= 90`, both finite.
             * @default null
             */
            point: {
                /** Format: double */
                lon: number;
                /** Format: double */
                lat: number;
            } | null;
            /** @default null */
            hazard: components["schemas"]["Hazard"] | null;
            /**
             * Format: uint32
             * @default null
             */
            dead: number | null;
            /**
             * Format: uint32
             * @default null
             */
            injured: number | null;
            /**
             * Format: uint32
             * @default null
             */
            trapped: number | null;
            /**
             * Format: int64
             * @description The revision that the typing started from; a newer one at the node refuses it.
             *     Whoever did not take the call must say it.
             */
            revision?: number | null;
        };
        WantedState: ("assigned" | "accepted" | "done" | "declined" | "cancelled") | "open";
        AssignTask: {
            title: string;
            /** @default  */
            detail: string;
            /**
             * Format: uuid
             * @description A person whom `/api/people?permission=task.do` lists for the caller.
             */
            assignee: string;
            /** Format: date-time */
            due_at: string;
            /**
             * Format: date-time
             * @description By when an answer is wanted; ten minutes from now when absent, and never
             *     later than `due_at`.
             */
            accept_by?: string | null;
        };
        GiveReason: {
            reason: string;
        };
        FinishTask: {
            report: string;
        };
        AskTask: {
            title: string;
            /** @default  */
            detail: string;
            /**
             * Format: uuid
             * @description A person whom `/api/people?permission=task.do` lists for the caller.
             */
            assignee: string;
            /** Format: date-time */
            due_at: string;
            /**
             * Format: date-time
             * @description By when an answer is wanted; ten minutes from now when absent, and never
             *     later than `due_at`.
             */
            accept_by?: string | null;
            /**
             * Format: date-time
             * @description How long an answer is waited for; until the task is due when absent.
             */
            until?: string | null;
        };
        ClaimItem: {
            kind: components["schemas"]["ItemKind"];
            /** Format: uuid */
            id: string;
        };
        BeginHandover: {
            region: string;
            /** @description Why it is not who took the desk over last; 2 to 200 characters. */
            reason?: string | null;
        };
        /** @description What the outgoing officer wants said. */
        WriteHandover: {
            /**
             * Format: int64
             * @description The one that was read.
             */
            revision: number;
            /**
             * Format: uuid
             * @description Who takes over: a person of `/api/handovers/people`.
             */
            to?: string | null;
            /**
             * @description Of the whole; at most 2 000 characters.
             * @default
             */
            note: string;
            /** @description Lines of which something is said; the others go by what is usual. */
            lines?: components["schemas"]["WriteHandoverLine"][];
        };
        /** @description Which line is meant. */
        WriteHandoverLine: {
            kind: components["schemas"]["HandoverLineKind"];
            /** Format: uuid */
            item: string;
            /**
             * Format: uuid
             * @description Who takes it: a person of `/api/handovers/people`, or whoever has it now; `null` goes
             *     by what is usual.
             */
            taker?: string | null;
            /**
             * @description At most 400 characters.
             * @default
             */
            note: string;
        };
        SignHandover: {
            /**
             * Format: int64
             * @description The one that was read.
             */
            revision: number;
        };
        ReceiveHandover: {
            /**
             * @description At most 2 000 characters.
             * @default
             */
            note: string;
            /**
             * @description Which of the critical lines that came after the first signature were read.
             * @default []
             */
            confirmed: components["schemas"]["HandoverLineKey"][];
        };
        /** @description Which line is meant. */
        HandoverLineKey: {
            kind: components["schemas"]["HandoverLineKind"];
            /** Format: uuid */
            item: string;
        };
        TurnHandover: {
            /** @description 2 to 200 characters. */
            reason: string;
        };
        OpenWorld: {
            /** @description Lower-case letters, digits and hyphens. */
            name: string;
            kind: components["schemas"]["Kind"];
            /** @description For a drill: what is practised. */
            purpose?: string | null;
            /**
             * Format: date-time
             * @description For the past: which moment.
             */
            until?: string | null;
        };
        Steer: {
            /**
             * Format: double
             * @description 0 to 600.
             */
            rate?: number | null;
            /**
             * Format: date-time
             * @description The moment to jump to; never back, since what was recorded stays.
             */
            to?: string | null;
        };
        Format: "csv" | "parquet";
        Problem: {
            type: string;
            title: string;
            status: number;
            code: string;
            detail?: string;
        } & {
            [key: string]: unknown;
        };
    };
    responses: {
        /** @description why it was not done (RFC 9457) */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_node_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnKey"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_node_key_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnKey"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_neighbours: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Neighbours"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_neighbours: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrustKey"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NeighbourKey"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_neighbours_by_origin_distrust: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                origin: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DistrustKey"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NeighbourKey"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_neighbours_by_origin_grants: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                origin: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NeighbourGrant"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NeighbourGrant"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_neighbours_by_origin_grants_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                origin: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NeighbourGrant"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NeighbourGrant"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_neighbours_readings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetReading"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reading"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_requests: {
        parameters: {
            query?: {
                state?: components["schemas"]["RequestState"] | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_requests_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Request"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_custody: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Custody"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_custody_pass: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Pass"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_custody_proposals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Propose"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_custody_proposals_by_id_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Decided"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_segments: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Segments"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_segments_unapplied_retry: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retried"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_errands: {
        parameters: {
            query?: {
                state?: components["schemas"]["State"] | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page2"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_errands_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Errand"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_errands_by_id_resolve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Resolve"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Errand"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_segments_exchange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExchangeState"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_segments_upload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Uploaded"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_segments_for_by_neighbour: {
        parameters: {
            query?: {
                after?: number | null;
            };
            header?: never;
            path: {
                neighbour: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    put_segments_for_by_neighbour_sent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                neighbour: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteSent"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Outbox"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_imports_registers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page3"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_imports_registers_by_name_template: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_imports: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page4"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_imports: {
        parameters: {
            query: {
                register: string;
                file: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportView"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_imports_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportView"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_imports_by_id_columns: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportColumns"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportView"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_imports_by_id_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportView"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_imports_by_id_stop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportView"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_imports_by_id_faults: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page5"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_imports_by_id_report: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_node: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeView"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    delete_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    post_session_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_first_start: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FirstStart"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_first_start_by_office: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                office: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Claim"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Claimed"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_organisations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page6"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_organisations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOrganisation"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organisation"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    put_organisations_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeOrganisation"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organisation"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_organisations_by_id_close: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CloseOrganisation"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organisation"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_accounts: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page7"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_accounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenAccount"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_accounts_by_id_disable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DisableAccount"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_accounts_by_id_enable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_roles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page8"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_roles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleDefinition"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleDefinition"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_permissions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page9"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_accounts_by_id_grants: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GiveRole"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    delete_grants_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_trail: {
        parameters: {
            query?: {
                before?: number | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page10"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_facts: {
        parameters: {
            query?: {
                subject?: string | null;
                correlation?: string | null;
                kind?: string | null;
                after?: number | null;
                before?: number | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page11"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_chains_by_correlation: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path: {
                correlation: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page11"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_contacts: {
        parameters: {
            query?: {
                region?: string | null;
                q?: string | null;
                retired?: boolean | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page12"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_contacts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnterContact"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookContact"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_contacts_people: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page13"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_contacts_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookContact"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    put_contacts_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeContact"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookContact"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_contacts_by_id_address: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookContact"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_contacts_by_id_retire: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetireContact"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookContact"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_regions: {
        parameters: {
            query?: {
                parent?: string | null;
                towns?: boolean | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page14"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_regions_spells: {
        parameters: {
            query?: {
                as_of?: string | null;
                parent?: string | null;
                q?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page15"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_regions_at: {
        parameters: {
            query: {
                lon: number;
                lat: number;
                datum?: components["schemas"]["Datum"] | null;
                on?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page16"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_regions_boundaries: {
        parameters: {
            query?: {
                on?: string | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page17"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_regions_boundaries: {
        parameters: {
            query: {
                take?: boolean | null;
                datum?: components["schemas"]["Datum"] | null;
                code?: string | null;
                from?: string | null;
                draw?: boolean | null;
                source: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Boundaries"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_calendar: {
        parameters: {
            query: {
                from: string;
                to: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page18"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_calendar_notices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page19"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_calendar_notices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewNotice"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeView"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_calendar_notices_look: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewNotice"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookedView"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_map_layers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page20"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_map_layers_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_map_relief_by_shade: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                shade: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_enterprises: {
        parameters: {
            query?: {
                kind?: components["schemas"]["EnterpriseKind"] | null;
                region?: string | null;
                state?: components["schemas"]["RegisterState"] | null;
                q?: string | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page21"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_enterprises: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterEnterprise"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enterprise"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_enterprises_points: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PointsOfEnterprisePoint"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_enterprises_by_id: {
        parameters: {
            query?: {
                at?: string | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enterprise"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    put_enterprises_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeEnterpriseDetails"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enterprise"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_enterprises_by_id_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page22"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_enterprises_by_id_start: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TurnDetails"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enterprise"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_enterprises_by_id_suspend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TurnDetails"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enterprise"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_enterprises_by_id_close: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TurnDetails"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enterprise"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_enterprises_by_id_contacts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page23"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_enterprises_by_id_contacts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NameContact"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enterprise"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_enterprises_by_id_contacts_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemoveContact"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enterprise"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_sites: {
        parameters: {
            query?: {
                kind?: components["schemas"]["SiteKind"] | null;
                enterprise?: string | null;
                part_of?: string | null;
                region?: string | null;
                state?: components["schemas"]["RegisterState"] | null;
                q?: string | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page24"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_sites: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterSite"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_sites_points: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PointsOfSitePoint"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_sites_by_id: {
        parameters: {
            query?: {
                at?: string | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    put_sites_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeSiteDetails"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_sites_by_id_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page25"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_sites_by_id_start: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TurnDetails"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_sites_by_id_suspend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TurnDetails"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_sites_by_id_close: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TurnDetails"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_protocols: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page26"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations_by_id_ways: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page27"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations: {
        parameters: {
            query?: {
                region?: string | null;
                q?: string | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page28"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_stations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterStation"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Station"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Station"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_stations_by_id_edit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditStation"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Station"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations_by_id_keys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page29"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_stations_by_id_keys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IssueKey"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StationKey"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_stations_by_id_keys_by_key_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StationKey"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations_by_id_keys_by_key_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StationKeySecret"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations_by_id_commands: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page30"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations_by_id_commands_by_command: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                command: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StationCommandBytes"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations_by_id_line: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StationLine"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations_by_id_forms: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page31"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_stations_by_id_queries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskStation"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StationCommand"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_stations_by_id_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskStation"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StationCommand"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_stations_by_id_commands_by_command_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                command: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StationCommand"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations_by_id_relay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StationRelay"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_stations_by_id_relay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetRelay"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StationRelay"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_stations_by_id_silence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetSilence"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Station"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations_by_id_place: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StationPlace"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_stations_by_id_place: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetStationPlace"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StationPlace"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_sources: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page32"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations_by_id_frames: {
        parameters: {
            query?: {
                limit?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page33"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_waiting_room: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page34"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_waiting_room_by_id_admit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StationDetails"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Station"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_waiting_room_by_id_refuse: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefuseDevice"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaitingDevice"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_rejects: {
        parameters: {
            query?: {
                station?: string | null;
                cause?: string | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page35"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_rejects_causes: {
        parameters: {
            query?: {
                station?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page36"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_rejects_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RejectDetails"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations_by_id_points: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page37"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations_by_id_held: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldFrames"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_stations_by_id_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayFrames"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldFrames"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations_by_id_person_files: {
        parameters: {
            query?: {
                kind?: string | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page38"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_person_files_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonFileDetails"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_person_files_by_id_open: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenPersonFile"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonFileDetails"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_stations_by_id_underground: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Underground"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_quality_checks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QualityChecks"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_sensors_by_id_checks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SensorChecks"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_sensors_by_id_checks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckSettings"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SensorChecks"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_sensors_by_id_checks_preview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewChecks"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChecksPreview"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_retention: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retention"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_sensors_by_id_retention: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SensorRetention"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_sensors_by_id_retention: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetRetention"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SensorRetention"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_holds: {
        parameters: {
            query?: {
                active?: boolean | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page39"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_holds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaceHold"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hold"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_holds_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hold"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_holds_by_id_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndHold"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hold"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_readings_latest: {
        parameters: {
            query?: {
                regions?: string | null;
                at?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LatestRow"][];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_sensors_by_id_readings: {
        parameters: {
            query?: {
                from?: string | null;
                to?: string | null;
                buckets?: number | null;
                known?: string | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SensorRecord"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_earthquakes: {
        parameters: {
            query?: {
                state?: components["schemas"]["EarthquakeState"] | null;
                magnitude?: number | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page40"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_earthquakes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TypeEarthquake"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EarthquakeDetails"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_earthquakes_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EarthquakeDetails"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_earthquakes_by_id_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WithdrawReport"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EarthquakeDetails"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_earthquake_reports: {
        parameters: {
            query?: {
                source?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EarthquakeMessage"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_earthquake_messages: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page41"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_earthquake_messages_by_id_raw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_rules: {
        parameters: {
            query?: {
                station?: string | null;
                sensor?: string | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page42"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_rules_defaults: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleDefaults"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_rules_dry_run: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DryRunRule"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleDryRun"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_rules_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_rules_proposals: {
        parameters: {
            query?: {
                state?: components["schemas"]["ProposalState"] | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page43"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_rules_proposals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRule"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleProposal"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_rules_proposals_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleProposal"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_rules_proposals_by_id_publish: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_rules_proposals_by_id_return: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleReason"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleProposal"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_rules_by_id_retire: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleReason"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_rules_by_id_shelve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShelveRule"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_rules_by_id_unshelve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleReason"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rule"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_findings: {
        parameters: {
            query?: {
                station?: string | null;
                state?: components["schemas"]["State2Taken"] | null;
                at?: string | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page44"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_findings_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Finding"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_silences: {
        parameters: {
            query?: {
                state?: components["schemas"]["SilenceState"] | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page45"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_silences_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SilenceInFull"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_silences_by_id_members: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page46"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_earthquakes_by_id_shaking: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page47"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_earthquakes_by_id_exposed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShakingExposed"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_notices: {
        parameters: {
            query?: {
                state?: string | null;
                standing?: components["schemas"]["NoticeStanding"] | null;
                region?: string | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page48"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_notices_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notice"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_notices_by_id_acknowledge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcknowledgeNotice"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notice"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_notices_by_id_verify: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckNotice"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notice"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_notices_by_id_feedback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckNotice"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notice"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_warnings: {
        parameters: {
            query?: {
                standing?: components["schemas"]["StandingTaken"] | null;
                state?: string | null;
                level?: components["schemas"]["Level"] | null;
                at?: string | null;
                region?: string | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page49"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_warnings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DraftWarning"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Warning"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_warnings_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Warning"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_warnings_by_id_edit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditWarning"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Warning"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_warnings_by_id_review: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewWarning"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Warning"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_warnings_by_id_return: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Warning"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_warnings_by_id_issue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IssueWarning"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Warning"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_warnings_by_id_issue_urgently: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IssueWarningUrgently"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Warning"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_warnings_by_id_review_afterwards: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewWarning"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Warning"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_warnings_by_id_extend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IssueWarning"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Warning"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_warnings_by_id_lift: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Warning"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_warnings_by_id_discard: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Warning"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_warnings_by_id_messages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page50"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_warnings_by_id_cap: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_feeds_cap_atom: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_feeds_cap_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_received_warnings: {
        parameters: {
            query?: {
                standing?: components["schemas"]["Standing2"] | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page51"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_received_warnings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TakenMessages"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_received_warnings_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceivedWhole"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_received_warnings_by_id_original: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_received_rejects: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page52"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_received_rejects_by_id_original: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_ladders: {
        parameters: {
            query?: {
                retired?: boolean | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page53"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_ladders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DrawLadder"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ladder"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_ladders_default: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LadderDefault"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_ladders_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ladder"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    put_ladders_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeLadder"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ladder"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_ladders_by_id_retire: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetireLadder"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ladder"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_callings: {
        parameters: {
            query?: {
                state?: string | null;
                about?: string | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page54"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_callings_own: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page55"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_callings_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Calling"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_callings_by_id_answer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnswerCalling"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnCalling"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_callings_by_id_record: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecordCall"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Calling"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_callings_by_id_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndCalling"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Calling"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_incidents: {
        parameters: {
            query?: {
                state?: components["schemas"]["IncidentState"] | null;
                at?: string | null;
                warning?: string | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page56"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_incidents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenIncident"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_incidents_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_incidents_by_id_timeline: {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number | null;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page57"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_incidents_by_id_notes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WriteNote"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_incidents_by_id_close: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CloseIncident"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_intakes: {
        parameters: {
            query?: {
                state?: components["schemas"]["IntakeState"] | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page58"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_intakes_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Intake"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    put_intakes_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SaveIntake"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Saved"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    delete_intakes_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    post_intakes_by_id_open: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_tasks: {
        parameters: {
            query?: {
                incident?: string | null;
                state?: components["schemas"]["WantedState"] | null;
                mine?: boolean | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page59"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_tasks_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_incidents_by_id_tasks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssignTask"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_tasks_by_id_accept: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_tasks_by_id_decline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GiveReason"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_tasks_by_id_finish: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FinishTask"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_tasks_by_id_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GiveReason"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_people: {
        parameters: {
            query?: {
                permission?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page13"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_incidents_by_id_task_requests: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskTask"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAsked"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_duty: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Desk"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_duty_claims: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClaimItem"];
            };
        };
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_handovers: {
        parameters: {
            query?: {
                state?: components["schemas"]["HandoverState"] | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page60"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_handovers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginHandover"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Handover"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_handovers_desks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page61"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_handovers_people: {
        parameters: {
            query: {
                region: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page13"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_handovers_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Handover"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    put_handovers_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WriteHandover"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Handover"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_handovers_by_id_sign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignHandover"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Handover"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_handovers_by_id_receive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReceiveHandover"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Handover"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_handovers_by_id_return: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TurnHandover"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Handover"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_handovers_by_id_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TurnHandover"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Handover"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_response_times: {
        parameters: {
            query?: {
                from?: string | null;
                to?: string | null;
                region?: string | null;
                after?: number | null;
                cursor?: string | null;
                limit?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Viewed"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_response_times_summary: {
        parameters: {
            query?: {
                from?: string | null;
                to?: string | null;
                region?: string | null;
                after?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Viewed2"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_disk: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Disk"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_worlds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page62"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_worlds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenWorld"];
            };
        };
        responses: {
            /** @description done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorldView"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    delete_worlds_by_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    get_clock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorldView"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    post_clock: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Steer"];
            };
        };
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorldView"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    get_readings_export: {
        parameters: {
            query: {
                sensors?: string | null;
                regions?: string | null;
                from: string;
                to: string;
                known?: string | null;
                format?: components["schemas"]["Format"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
}
